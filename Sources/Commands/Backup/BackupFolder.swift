import Formats
import FoundationEssentials
import Glibc
import Platform

/// A folder of copies that are named after the database and the time: `provisioner-20261128T021500Z.sqlite`.
struct BackupFolder {
    let path: String
    /// The name of the database's file without its extension.
    private let stem: String
    private static let suffix = ".sqlite"

    /// Nil if the path is not a folder.
    init?(_ path: String, database: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        self.path = path.hasSuffix("/") ? path : path + "/"
        stem = InputFile.stem(database) ?? "provisioner"
    }

    /// The path of a new copy.
    func file(at time: Date) -> String {
        // Without milliseconds and punctuation, the names have the order of the times.
        let digits = time.timestamp.prefix(19).filter { $0 != "-" && $0 != ":" }
        return path + "\(stem)-\(digits)Z" + Self.suffix
    }

    /// The copies among the names of files, oldest first. Other files, such as copies with another name, are left out.
    func copies(among names: [String]) -> [String] {
        names.filter { name in
            guard name.hasPrefix(stem + "-"), name.hasSuffix("Z" + Self.suffix) else { return false }
            let time = name.dropFirst(stem.utf8.count + 1).dropLast(Self.suffix.utf8.count + 1)
            return time.utf8.count == 15
                && time.utf8.enumerated().allSatisfy { index, byte in
                    index == 8 ? byte == UInt8(ascii: "T") : (UInt8(ascii: "0")...UInt8(ascii: "9")) ~= byte
                }
        }.sorted()
    }

    /// Deletes the oldest copies.
    ///
    /// - Parameters:
    ///   - count: the copies that remain.
    ///   - newest: the path of the new copy. It remains even if the clock was set back.
    /// - Returns: the paths of the deleted copies.
    func deleteOldest(keeping count: Int, newest: String) throws -> [String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        let others = copies(among: names).map { path + $0 }.filter { $0 != newest }
        let expired = Array(others.dropLast(count - 1))
        for file in expired {
            guard unlink(file) == 0 else {
                throw CommandFailure(
                    .cannotCreate, "\(file): cannot be deleted: \(String(cString: strerror(errno)))")
            }
            // Files that SQLite created for a reader.
            for companion in [file + "-wal", file + "-shm"] { unlink(companion) }
        }
        return expired
    }
}
