import Formats
import Foundation
import TestSupport
import Testing

@testable import Domain

@Suite("The ledger of problems")
struct ProblemLedgerTests {
    private func problem(_ workerType: String, _ text: String = "no capacity") -> ObservedProblem {
        ObservedProblem(Problem(.warning, text), of: workerType, owner: "owner@example.com")
    }

    private func observation(_ problems: [ObservedProblem], complete: Bool = true) -> ProblemObservation {
        var observation = ProblemObservation(isComplete: complete)
        observation.problems = problems
        return observation
    }

    /// Adds the observations of iterations, one each minute, and returns the numbers of announced beginnings and ends.
    private func announced(
        _ ledger: inout ProblemLedger, _ minutes: Range<Int>, _ problems: (Int) -> [ObservedProblem]
    ) -> [Int: [Int]] {
        var announced: [Int: [Int]] = [:]
        for minute in minutes {
            let changes = ledger.add(
                observation(problems(minute)), now: .start.plus(minutes: Double(minute)))
            if changes != .init() { announced[minute] = [changes.began.count, changes.ended.count] }
        }
        return announced
    }

    @Test("announces a problem once when it begins, and once after it was absent for five minutes")
    func once() {
        var ledger = ProblemLedger()
        let found = announced(&ledger, 0..<40) {
            $0 < 20 ? [problem("a", "\($0) tasks wait since i-0\($0)ab5678")] : []
        }
        #expect(found == [0: [1, 0], 25: [0, 1]])
    }

    @Test("announces a problem that comes and goes once")
    func flapping() {
        var ledger = ProblemLedger()
        let found = announced(&ledger, 0..<200) { $0 < 100 && $0 % 4 == 0 ? [problem("a")] : [] }
        #expect(found == [0: [1, 0], 102: [0, 1]])
    }

    @Test("ends a warning, which iterations may repeat after an hour, after 65 minutes")
    func warnings() {
        var ledger = ProblemLedger()
        let found = announced(&ledger, 0..<200) {
            [0, 61].contains($0) ? [ObservedProblem(warning: "w")] : []
        }
        #expect(found == [0: [1, 0], 127: [0, 1]])
    }

    @Test("forgets a problem that has ended, whose repetition begins anew")
    func repetition() {
        var ledger = ProblemLedger()
        let found = announced(&ledger, 0..<200) { [0, 150].contains($0) ? [problem("a")] : [] }
        #expect(found == [0: [1, 0], 6: [0, 1], 150: [1, 0], 156: [0, 1]])
        #expect(ledger.problems.count == 1)
        _ = ledger.add(observation([]), now: .start.plus(minutes: 211))
        #expect(ledger.problems.isEmpty)
    }

    @Test("does not end the problems of subjects that an iteration did not examine")
    func unexamined() {
        var ledger = ProblemLedger()
        _ = ledger.add(observation([problem("a"), problem("b")]), now: .start)
        var partial = observation([problem("b")])
        partial.undecided = ["a"]
        for minute in 1..<60 { _ = ledger.add(partial, now: .start.plus(minutes: Double(minute))) }
        for minute in 60..<120 {
            let changes = ledger.add(
                observation([], complete: false), now: .start.plus(minutes: Double(minute)))
            #expect(changes == .init())
        }
        #expect(ledger.problems.map(\.absentSince) == [nil, nil])
    }

    @Test("announces at most four beginnings an hour for a subject, and the others later if they continue")
    func subjectLimit() {
        var ledger = ProblemLedger()
        let texts = ["one", "two", "three", "four", "five", "six"]
        let found = announced(&ledger, 0..<120) { minute in
            texts.prefix(minute + 1).filter { $0 != "six" || minute < 30 }.map { problem("a", $0) }
        }
        #expect(found == [0: [1, 0], 1: [1, 0], 2: [1, 0], 3: [1, 0], 60: [1, 0]])
    }

    @Test("announces beginnings of at most thirty subjects an hour, and many at once as one digest")
    func totalLimit() {
        var ledger = ProblemLedger()
        let names = (0..<40).map { "w\($0)" }
        let found = announced(&ledger, 0..<61) { minute in names.prefix(minute + 1).map { problem($0) } }
        #expect(found.count == 31)
        #expect((0..<30).allSatisfy { found[$0] == [1, 0] })
        #expect(found[60] == [1, 0])
        var other = ProblemLedger()
        #expect(announced(&other, 0..<2) { _ in names.map { problem($0) } } == [0: [40, 0]])
    }

    @Test("continues after steps of the clock")
    func clock() {
        var ledger = ProblemLedger()
        _ = ledger.add(observation([problem("a")]), now: .start)
        _ = ledger.add(observation([]), now: .start)
        let changes = ledger.add(observation([]), now: .start.plus(minutes: -100))
        #expect(changes == .init())
        #expect(ledger.problems.count == 1)
    }
}
