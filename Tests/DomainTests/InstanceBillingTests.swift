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

    @Test(
        "Windows and Red Hat Enterprise Linux are billed like Linux",
        arguments: [ImagePlatform.windows, .redHat])
    func perSecond(platform: ImagePlatform) {
        for (life, isInterrupted) in [(5.0, true), (3600, true), (5, false), (61.5, false)] {
            #expect(
                InstanceBilling.billedTime(life: life, isInterrupted: isInterrupted, platform: platform)
                    == InstanceBilling.billedTime(life: life, isInterrupted: isInterrupted))
        }
    }

    @Test(
        "SUSE Linux is billed by begun hours, without the hour of an interruption",
        arguments: [
            (0.0, 3600.0, 0.0), (5, 3600, 0), (3599, 3600, 0), (3600, 3600, 3600), (3601, 7200, 3600),
            (7200, 7200, 7200),
        ])
    func perHour(life: Double, ended: Double, interrupted: Double) {
        func billed(_ isInterrupted: Bool) -> Double {
            InstanceBilling.billedTime(life: life, isInterrupted: isInterrupted, platform: .suse)
        }
        #expect(billed(false) == ended)
        #expect(billed(true) == interrupted)
    }
}
