import Configuration
import Domain
import Formats
import FoundationEssentials
import Glibc
import Platform
import Subprocess
import SystemPackage

/// A temporary file that the user edits.
struct TextEditor {
    /// The file. It is kept when its content could not be stored.
    let path: String

    /// - Parameters:
    ///   - text: the initial content.
    ///   - name: the first part of the file's name.
    init(_ text: String, name: String) throws {
        let folder = ProcessInfo.processInfo.environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        let suffix = ".json"
        var template = Array("\(folder)/\(name)-XXXXXX\(suffix)".utf8CString)
        // Only the owner may read it: mode 0600.
        let file = mkstemps(&template, Int32(suffix.utf8.count))
        guard file >= 0 else {
            throw CommandFailure(.cannotCreate, "no file can be made in \(folder)")
        }
        defer { close(file) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        let bytes = Array(text.utf8)
        guard write(file, bytes, bytes.count) == bytes.count else {
            throw CommandFailure(.cannotCreate, "\(path) cannot be written")
        }
    }

    /// The command in `VISUAL`, else in `EDITOR`; nil when neither names one.
    private static var named: String? {
        let environment = ProcessInfo.processInfo.environment
        return ["VISUAL", "EDITOR"].compactMap { environment[$0] }.first { !$0.isEmpty }
    }

    /// Throws if no editor can be used: the default editor needs a terminal.
    static func requireEditor() throws {
        guard named != nil || Terminal.isInteractive else {
            throw CommandFailure(.usage, "there is no terminal for vi: name another editor in EDITOR")
        }
    }

    /// Opens the file in `VISUAL`, else `EDITOR`, else `vi`, waits for the end of the editor, and returns the content.
    func edit() async throws -> [UInt8] {
        let editor = Self.named ?? "vi"
        // Through the shell: the variable may contain options.
        guard try await succeeds(editor) else {
            throw CommandFailure(.unavailable, "the editor `\(editor)` failed: nothing was stored")
        }
        return try await InputFile.read(path)
    }

    func remove() { unlink(path) }

    /// Runs a shell command with the file as its argument, in the foreground. Interrupts reach the command and do not end
    /// this process.
    private func succeeds(_ command: String) async throws -> Bool {
        let handlers = [SIGINT, SIGQUIT].map { (number: $0, handler: signal($0, SIG_IGN)) }
        defer { for item in handlers { signal(item.number, item.handler) } }
        do {
            return try await run(
                .path("/bin/sh"), arguments: ["-c", "\(command) \"$1\"", "sh", path],
                input: .currentStandardInput, output: .currentStandardOutput, error: .currentStandardError
            ).terminationStatus.isSuccess
        } catch {
            throw CommandFailure(.unavailable, "/bin/sh cannot be run: \(error)")
        }
    }
}
