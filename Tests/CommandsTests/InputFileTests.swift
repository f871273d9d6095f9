import Foundation
import Platform
import TestSupport
import Testing

@testable import Commands

@Suite("A file on the command line")
struct InputFileTests {
    private func exit(reading path: String) async -> SystemExit? {
        do {
            _ = try await InputFile.read(path)
            return nil
        } catch {
            return (error as? CommandFailure)?.exit
        }
    }

    @Test("is read completely, compressed or not")
    func content() async throws {
        let folder = try TemporaryFolder()
        let text = String(repeating: "a line\n", count: 100_000)
        let path = try folder.write(text, to: "plain")
        #expect(try await InputFile.read(path) == Array(text.utf8))
        #expect(try await InputFile.read(folder.write("", to: "empty")).isEmpty)
        #expect(
            try await InputFile.read(folder.write("\u{feff}a\u{feff}\n", to: "marked"))
                == Array("a\u{feff}\n".utf8), "without the byte order mark")
        // `gzip -c < /dev/null`, which contains no bytes.
        let empty: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let compressed = folder.file("empty.gz")
        try Data(empty).write(to: URL(filePath: compressed))
        #expect(try await InputFile.read(compressed).isEmpty)
        try Data(empty.dropLast(9)).write(to: URL(filePath: compressed))
        #expect(await exit(reading: compressed) == .dataError)
    }

    @Test("that cannot be opened is no input, and a folder is bad data")
    func unreadable() async throws {
        let folder = try TemporaryFolder()
        #expect(await exit(reading: folder.file("missing")) == .noInput)
        #expect(await exit(reading: folder.path) == .dataError)
    }

    @Test("names a worker type by its name up to the first dot")
    func stem() {
        #expect(InputFile.stem("a/b/linux.v2.json") == "linux")
        #expect(InputFile.stem("linux") == "linux")
        #expect(InputFile.stem("") == nil)
    }
}
