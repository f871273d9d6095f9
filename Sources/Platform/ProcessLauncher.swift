import Glibc

/// How a program is started: it gets its first three files and no other of ours, and no signal is blocked or ignored in it
/// because it is here.
package struct ProcessLauncher: Sendable {
    /// Where one of its first three files comes from.
    package enum Stream: Sendable {
        /// The one that this process has itself.
        case inherited
        /// A file that is opened, for reading as standard input, else for writing.
        case path(String)
        /// A file that is open here.
        case descriptor(Int32)

        /// Nothing to read, and nothing kept of what is written.
        package static let none = Stream.path("/dev/null")
    }

    /// It could not be started.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The program, looked up in `PATH` where its name has no slash, and its arguments.
    package var words: [String]
    package var environment: [String: String]
    package var input = Stream.inherited
    package var output = Stream.inherited
    package var errors = Stream.inherited
    /// Whether it leads a group of processes, which a signal can reach as one.
    package var leadsGroup = false

    package init(_ words: [String], environment: [String: String] = ProcessEnvironment.variables) {
        self.words = words
        self.environment = environment
    }

    /// Starts it.
    ///
    /// - Returns: its process id. Whoever starts it has to wait for it.
    package func start() throws(Failure) -> Int32 {
        guard let program = words.first else { throw Failure(description: "it has no name") }
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        add(input, STDIN_FILENO, O_RDONLY, to: &actions)
        add(output, STDOUT_FILENO, O_WRONLY, to: &actions)
        add(errors, STDERR_FILENO, O_WRONLY, to: &actions)
        // What is closed meanwhile is no error.
        for file in Self.openFiles where file > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, file)
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (leadsGroup ? POSIX_SPAWN_SETPGROUP : 0)))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var process: pid_t = 0
        let result = posix_spawnp(&process, program, &actions, &attributes, &arguments, &variables)
        guard result == 0 else { throw Failure(description: String(cString: strerror(result))) }
        return process
    }

    private func add(
        _ stream: Stream, _ number: Int32, _ mode: Int32, to actions: inout posix_spawn_file_actions_t
    ) {
        switch stream {
        case .inherited: break
        case .path(let path): posix_spawn_file_actions_addopen(&actions, number, path, mode, 0)
        case .descriptor(let file): posix_spawn_file_actions_adddup2(&actions, file, number)
        }
    }

    /// The files that are open in this process. Source: proc(5).
    private static var openFiles: [Int32] {
        guard let folder = opendir("/proc/self/fd") else { return [] }
        defer { closedir(folder) }
        var files: [Int32] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let file = Int32(name) { files.append(file) }
        }
        return files
    }
}
