import CPlatform
import Glibc
import SystemPackage

/// A file in memory, without a name.
///
/// As the standard input of a program it has no limit of length, and no writer that the end of the program interrupts with
/// SIGPIPE, as a pipe has.
enum MemoryFile {
    /// Returns the descriptor of a new file, at its start.
    static func make(containing content: [UInt8]) throws(Errno) -> FileDescriptor {
        let number = cplatform_memory_file()
        guard number >= 0 else { throw Errno(rawValue: errno) }
        let file = FileDescriptor(rawValue: number)
        do {
            try file.writeAll(content)
            try file.seek(offset: 0, from: .start)
            return file
        } catch {
            try? file.close()
            throw error as? Errno ?? .ioError
        }
    }
}
