import Domain
import Foundation
import TestSupport
import Testing

@testable import Formats

@Suite("JSON parser")
struct JSONParserTests {
    @Test("refuses malformed text with the position and the problem", arguments: HostileJSON.refused)
    func refusal(_ refusal: HostileJSON.Refusal) {
        let error = #expect(throws: JSONParsingError.self) { try JSONValue(parsing: refusal.bytes) }
        #expect(error?.line == refusal.line)
        #expect(error?.column == refusal.column)
        #expect(error?.problem == refusal.problem)
    }

    @Test("accepts every document within the grammar and the limits")
    func acceptance() throws {
        for (text, value) in HostileJSON.accepted {
            #expect(try JSONValue(parsing: text.utf8) == value, "\(text.prefix(60))")
        }
        #expect(throws: Never.self) { try JSONValue(parsing: HostileJSON.nested(64).utf8) }
    }

    @Test("counts depth, not brackets, against the caller's limit")
    func depth() throws {
        #expect(try JSONValue(parsing: "1".utf8, maximumDepth: 0) == 1)
        #expect(try JSONValue(parsing: "[[],[],{}]".utf8, maximumDepth: 2) == [[], [], [:]])
        let error = #expect(throws: JSONParsingError.self) {
            try JSONValue(parsing: #"{"a":{"b":[]}}"#.utf8, maximumDepth: 2)
        }
        #expect(error?.description == "line 1, column 11: nested deeper than 2 levels")
    }

    @Test("does not copy the text into errors")
    func silence() {
        let error = #expect(throws: JSONParsingError.self) {
            try JSONValue(parsing: #"{"password":"hunter2","password":"hunter2"}"#.utf8)
        }
        #expect(error?.description == "line 1, column 23: the object has another member of the same name")
    }

    @Test("takes steps in proportion to the length of the text, whatever its shape")
    func linearTime() {
        func steps(_ text: String, maximumDepth: Int = 64) -> Int {
            var parser = JSONParser(Array(text.utf8), maximumDepth: maximumDepth)
            _ = try? parser.parse()
            return parser.steps
        }
        for (name, text) in HostileJSON.shapes(size: 1 << 20) {
            #expect(steps(text) <= 8 * text.utf8.count + 8, "\(name)")
        }
        // The deepest nesting that a request of an earlier version took two seconds for.
        let deep = HostileJSON.nested(490)
        #expect(steps(deep, maximumDepth: 490) <= 8 * deep.utf8.count)
        #expect(steps(deep) < 8 * 66)
    }

    @Test("reads the output of the writer, and reads or refuses each mutation of it")
    func mutation() throws {
        var random = SeededRandom(seed: 12)
        let valid = HostileJSON.accepted.map { Array($0.text.utf8) }.filter { $0.count < 1000 }
        let seeds = valid + HostileJSON.refused.map(\.bytes).filter { $0.count < 1000 }
        var accepted = 0
        for round in 0..<20_000 {
            var bytes = valid[round % valid.count]
            for _ in 0...Int.random(in: 0...2, using: &random) { mutate(&bytes, seeds, &random) }
            var parser = JSONParser(bytes, maximumDepth: 64)
            let value = try? parser.parse()
            #expect(parser.steps <= 8 * bytes.count + 8)
            guard let value else { continue }
            accepted += 1
            #expect(try JSONValue(parsing: value.serialized()) == value)
            #expect(try JSONValue(parsing: value.serialized(pretty: true)) == value)
        }
        #expect((1000..<19_000).contains(accepted), "\(accepted) of 20,000 are accepted")
    }

    private func mutate(_ bytes: inout [UInt8], _ seeds: [[UInt8]], _ random: inout SeededRandom) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.insert(Array("[]{},:\"\\0-.eu \n".utf8).randomElement(using: &random) ?? 0, at: place)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1))
        default: bytes.insert(contentsOf: seeds.randomElement(using: &random) ?? [], at: place)
        }
    }
}
