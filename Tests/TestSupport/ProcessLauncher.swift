import CTestSupport
import Glibc
import Platform

/// Starts a program that inherits only standard input, output and error, with default signal dispositions and an empty
/// signal mask.
package struct ProcessLauncher: Sendable {
    /// The source or destination of a standard stream.
    package enum Stream: Sendable {
        /// The stream of this process.
        case inherited
        /// A file that is opened for reading as standard input, or for writing.
        case path(String)
        /// An open file of this process.
        case descriptor(Int32)

        /// No input, or discarded output.
        package static let none = Stream.path("/dev/null")
    }

    /// The program could not be started.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// The program, looked up in `PATH` where its name has no slash, and its arguments.
    package var arguments: [String]
    package var environment: [String: String]
    package var input = Stream.inherited
    package var output = Stream.inherited
    package var errors = Stream.inherited
    /// Whether the program leads a new process group.
    package var leadsGroup = false

    package init(_ arguments: [String], environment: [String: String] = ProcessEnvironment.variables) {
        self.arguments = arguments
        self.environment = environment
    }

    /// Starts the program.
    ///
    /// - Returns: the process id, which the caller has to wait for.
    package func start() throws(Failure) -> Int32 {
        guard let program = arguments.first else { throw Failure(description: "the command line is empty") }
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
        let closing = ctestsupport_add_close_from(&actions, STDERR_FILENO + 1)
        guard closing == 0 else { throw Failure(description: String(cString: strerror(closing))) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | (leadsGroup ? POSIX_SPAWN_SETPGROUP : 0)))
        var argumentVector: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argumentVector + variables).forEach { free($0) } }
        var process: pid_t = 0
        let result = posix_spawnp(&process, program, &actions, &attributes, &argumentVector, &variables)
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
}
