import Domain
import Formats
import FoundationEssentials
import TestSupport
import Testing

@testable import Simulation

@Suite("Input files of a simulation")
struct DataFileTests {
    private static let header = "region,availability_zone,instance_type,product,timestamp,price_usd\n"
    private static let row = "us-east-1,us-east-1a,c5.xlarge,Linux/UNIX,2021-03-02T01:39:04Z,0.1782\n"

    private func prices(_ text: String) throws -> [SpotPrice] {
        try PriceCSV.read(Array(text.utf8), source: "p.csv") { _, _ in true }
    }

    @Test("Written prices are read back, in any order")
    func roundTrip() throws {
        let made = PriceGenerator(days: 2).prices(from: 1_700_000_000, seed: 3)
        let text = PriceCSV.write(made.reversed())
        let read = try prices(text)
        #expect(Set(read) == Set(made))
        #expect(PriceCSV.write(read) == text)
        #expect(text.hasPrefix(Self.header))
    }

    @Test("The reader keeps the selected regions and types of Linux, with LF or CRLF line ends")
    func filter() throws {
        let text =
            Self.header + Self.row + Self.row.replacing("Linux/UNIX", with: "Windows")
            + Self.row.replacing("c5.xlarge", with: "m5.xlarge")
        let read = try PriceCSV.read(Array(text.replacing("\n", with: "\r\n").utf8), source: "p.csv") {
            $0 == "us-east-1" && $1 == "c5.xlarge"
        }
        #expect(read.count == 1)
        #expect(read.first?.price == Price(usd: 0.1782))
        #expect(read.first?.timestamp.timestamp == "2021-03-02T01:39:04.000Z")
    }

    @Test(
        "Errors name file, line and problem",
        arguments: [
            ("", "p.csv: is empty; its first line must be"),
            ("region,timestamp\n", "p.csv:1: has no column availability_zone"),
            (header + row + "\n" + "us-east-1,a\n", "p.csv:4: has 2 fields, not 6"),
            (header + row.replacing("0.1782", with: "cheap"), "p.csv:2: price_usd must be a number"),
            (header + row.replacing("0.1782", with: "-1"), "p.csv:2: price_usd must be a number"),
            (header + row.replacing("0.1782", with: "nan"), "p.csv:2: price_usd must be a number"),
            (header + row + row.replacing("2021-03-02T", with: "yesterday"), "p.csv:3: timestamp must be"),
            (header + row.replacing("c5.xlarge", with: ""), "p.csv:2: region, availability_zone and"),
        ])
    func errors(text: String, expected: String) throws {
        let error = #expect(throws: DataError.self) { try prices(text) }
        let description = error.map { "\($0)" } ?? ""
        #expect(description.hasPrefix(expected), "\(description)")
        #expect(!description.contains("\n"))
    }

    @Test(
        "Scores of instance types are strict: errors name line and column",
        arguments: [
            ("", "s.csv: is empty; its first line must be instance_type,score"),
            ("instance_type\nc5.large\n", "s.csv:1: has no column score"),
            ("instance_type,score\n", "s.csv: has no score; write a line like c5.xlarge,1"),
            ("instance_type,score\nc5.large\n", "s.csv:2: has 1 fields, not 2"),
            ("instance_type,score\nc5.large,1\n c5.large,1\n", "s.csv:3: instance_type must be a name like"),
            ("instance_type,score\nlarge,1\n", "s.csv:2: instance_type must be a name like c5.xlarge"),
            ("instance_type,score\nc5.large,0\n", "s.csv:2: score must be a number from 1e-06 to"),
            ("instance_type,score\nc5.large,fast\n", "s.csv:2: score must be a number from"),
            (
                "instance_type,score\nc5.large,1\nc5.large,2\n",
                "s.csv:3: instance_type c5.large is in line 2 as well: remove one of the two lines"
            ),
        ])
    func scoreErrors(text: String, expected: String) throws {
        let error = #expect(throws: DataError.self) {
            try InstanceTypeScores.read(csv: Array(text.utf8), source: "s.csv")
        }
        let description = error.map { "\($0)" } ?? ""
        #expect(description.hasPrefix(expected), "\(description)")
    }

    @Test("Scores of instance types are read with other columns, in any order")
    func scores() throws {
        let text = "score,cores,instance_type\n1.5,2,c5.large\r\n3,4,u-6tb1.metal\n"
        let scores = try InstanceTypeScores.read(csv: Array(text.utf8), source: "s.csv")
        #expect(scores == ["c5.large": 1.5, "u-6tb1.metal": 3])
    }

    @Test("Errors in loads, interruption bands and capacity traces name the line")
    func otherErrors() throws {
        func problem(_ body: () throws -> Void) -> String {
            do { try body() } catch { return "\(error)" }
            return "none"
        }
        #expect(
            problem {
                _ = try TaskLoad(workerType: "a", csv: Array("arrival_s,duration_s\n1,x\n".utf8), source: "l")
            }
                == "l:2: duration_s must be a number from 0 to 10000000, not \"x\"")
        #expect(
            problem {
                _ = try TaskLoad(workerType: "a", csv: Array("arrival_s,duration_s\n".utf8), source: "l")
            }
                == "l: has no task")
        let bands = "region,instance_type,product,interruption_range\nr,t,Linux/UNIX,often\n"
        #expect(
            problem { _ = try InterruptionRates(csv: Array(bands.utf8), source: "i") }
                .hasPrefix("i:2: interruption_range must be one of"))
        let traces =
            "kind,trace,nodes,availability_zone,device,gap_seconds,tick,available\navailability,t,1,a,d,60,5,1\n"
            + "availability,t,1,a,d,60,5,0\n"
        #expect(
            problem { _ = try CapacityTraces(csv: Array(traces.utf8), source: "c") }
                == "c:3: tick must be greater than 5, not 5")
        #expect(
            problem { _ = try CapacityTraces(csv: Array(traces.utf8), source: "c", device: "gpu") }
                == "c: has no trace of the device gpu")
    }

    @Test("Random changes of a file cause an error, not a crash", arguments: 0..<300)
    func randomChanges(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var bytes = Array((Self.header + Self.row + Self.row).utf8)
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch random.next() % 3 {
            case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
            case 1: bytes.remove(at: place)
            default: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
            }
        }
        let read = Result { try PriceCSV.read(bytes, source: "p") { _, _ in true } }
        if case .success(let prices) = read { #expect(prices.count <= 2) }
    }
}
