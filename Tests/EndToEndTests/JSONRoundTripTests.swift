import Domain
import Formats
import Foundation
import TestSupport
import Testing

@Suite("The JSON parser, compared with Python's")
struct JSONRoundTripTests {
    @Test("accepts only what Python's json accepts, and reads the same value")
    func pythonAgrees() async throws {
        var random = SeededRandom(seed: 34)
        let valid = HostileJSON.accepted.map { Array($0.text.utf8) }
        let seeds = valid + HostileJSON.refused.map(\.bytes)
        var documents = seeds
        for round in 0..<5000 {
            var bytes = valid[round % valid.count].prefix(2000)
            for _ in 0...Int.random(in: 0...2, using: &random) {
                let place = Int.random(in: bytes.startIndex...bytes.endIndex, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0:
                    let byte = Array("[]{},:\"\\0-.eu \n".utf8).randomElement(using: &random)
                    bytes.insert(byte ?? 0, at: place)
                case 1: bytes.removeSubrange(place..<min(bytes.endIndex, place + 1))
                default:
                    let other = seeds.randomElement(using: &random) ?? []
                    bytes.insert(contentsOf: other.prefix(1000), at: place)
                }
            }
            documents.append(Array(bytes))
        }
        let folder = try TemporaryFolder()
        let file = try folder.write(
            documents.map { $0.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() }
                .joined(separator: "\n"), to: "documents")
        let judged = try await Command.run(
            Paths.python, [Paths.root + "/Tests/TestSupport/clients/json_round_trip.py", file])
        #expect(judged.status == 0, "\(judged.errors)")
        let lines = judged.output.split(separator: "\n", omittingEmptySubsequences: false)
        try #require(lines.count == documents.count + 1)
        var accepted = 0
        for (bytes, line) in zip(documents, lines) {
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            accepted += 1
            let text = String(decoding: bytes.prefix(200), as: UTF8.self)
            #expect(line != "refused", "\(text)")
            #expect((try? JSONValue(parsing: line.utf8)) == value, "\(text)")
        }
        #expect(accepted > 300)
    }
}
