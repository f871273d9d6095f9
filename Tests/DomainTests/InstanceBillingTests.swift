import Domain
import Testing

@Suite("Billed time of an instance")
struct InstanceBillingTests {
    @Test("An interruption in the first hour is free, a later one is billed by the second")
    func interrupted() {
        #expect(InstanceBilling.billedTime(life: 5, isInterrupted: true) == 0)
        #expect(InstanceBilling.billedTime(life: 3599, isInterrupted: true) == 0)
        #expect(InstanceBilling.billedTime(life: 3600, isInterrupted: true) == 3600)
        #expect(InstanceBilling.billedTime(life: 3601, isInterrupted: true) == 3601)
    }

    @Test("Other instances are billed by the second, and for at least a minute")
    func ended() {
        #expect(InstanceBilling.billedTime(life: 0, isInterrupted: false) == 60)
        #expect(InstanceBilling.billedTime(life: 60, isInterrupted: false) == 60)
        #expect(InstanceBilling.billedTime(life: 61.5, isInterrupted: false) == 61.5)
    }
}
