import Foundation
import TestSupport

/// A text file of the project, split into words.
struct SourceText {
    struct Word: Equatable {
        /// In lower case.
        let text: String
        /// From 1.
        let line: Int
    }

    /// The path from the project's root.
    let path: String
    let lineCount: Int
    private let bytes: [UInt8]

    init(_ path: String) throws {
        self.path = path
        bytes = Array(try Data(contentsOf: URL(filePath: Paths.root + "/" + path)))
        lineCount = bytes.count { $0 == UInt8(ascii: "\n") }
    }

    init(path: String, text: String) {
        self.path = path
        bytes = Array(text.utf8)
        lineCount = bytes.count { $0 == UInt8(ascii: "\n") }
    }

    /// The words of the file. A capital letter after a small letter begins a word, as in `bootTime`.
    var words: [Word] {
        var words: [Word] = []
        var word: [UInt8] = []
        var line = 1
        var isAfterSmallLetter = false
        func finish() {
            guard !word.isEmpty else { return }
            words.append(Word(text: String(decoding: word, as: UTF8.self), line: line))
            word.removeAll(keepingCapacity: true)
        }
        for byte in bytes {
            let isSmall = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            if !isSmall && !isCapital || isCapital && isAfterSmallLetter { finish() }
            if isSmall || isCapital { word.append(byte | 0x20) }
            if byte == UInt8(ascii: "\n") { line += 1 }
            isAfterSmallLetter = isSmall
        }
        finish()
        return words
    }

    /// The text files below some folders and files of the project, without golden files, which repeat texts of the
    /// sources.
    static func files(in places: [String], where isIncluded: (String) -> Bool = { _ in true }) throws
        -> [SourceText]
    {
        let manager = FileManager.default
        var paths: [String] = []
        for place in places {
            var isFolder: ObjCBool = false
            guard manager.fileExists(atPath: Paths.root + "/" + place, isDirectory: &isFolder) else {
                continue
            }
            guard isFolder.boolValue else {
                paths.append(place)
                continue
            }
            for case let name as String in manager.enumerator(atPath: Paths.root + "/" + place) ?? .init() {
                let skipped = ["Golden", "__pycache__", "databases"]
                if skipped.contains(where: { name.contains($0 + "/") }) { continue }
                if manager.fileExists(atPath: Paths.root + "/\(place)/\(name)", isDirectory: &isFolder),
                    !isFolder.boolValue
                {
                    paths.append(place + "/" + name)
                }
            }
        }
        return try paths.sorted().filter(isIncluded).map { try SourceText($0) }
    }
}
