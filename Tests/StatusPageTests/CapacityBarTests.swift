import Domain
import HTML
import Testing

@testable import StatusPage

@Suite("The bar of a worker type's capacity")
struct CapacityBarTests {
    @Test("shows each state by its share of what is allowed, and never leaves its track")
    func bar() {
        func bar(_ tally: CapacityTally, pending: Int?, max: Int = 10) -> String {
            CapacityBar(id: "b", tally: tally, pendingTasks: pending, minimum: 2, maximum: max).markup.html
        }
        let html = bar(CapacityTally(running: 4, booting: 2, requested: 1), pending: 1_000_000)
        #expect(html.contains("class=\"running\" x=\"0\" y=\"2\" width=\"40\""))
        #expect(html.contains("class=\"booting\" x=\"40\" y=\"2\" width=\"20\""))
        #expect(html.contains("class=\"requested\" x=\"60\" y=\"2\" width=\"10\""))
        #expect(html.contains("class=\"waiting\" x=\"0\" y=\"15\" width=\"100\""))
        #expect(
            html.contains("4 running, 2 booting, 1 requested, from 2 to 10 allowed, 1000000 tasks pending"))
        #expect(
            bar(CapacityTally(running: 20), pending: nil).contains(
                "class=\"track\" x=\"0\" y=\"2\" width=\"50\""))
        #expect(!bar(CapacityTally(), pending: 0, max: 0).contains("class=\"running\""))
    }
}
