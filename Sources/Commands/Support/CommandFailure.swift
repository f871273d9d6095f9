import ArgumentParser
import Configuration
import Cryptography
import Glibc
import Platform
import Provisioning
import Simulation
import Storage

/// A command that could not do what was asked: a line for each problem, one exit code for the shell.
struct CommandFailure: Error {
    let exit: SystemExit
    let messages: [String]

    /// All problems as one text.
    var message: String { messages.joined(separator: "; ") }

    /// The message of an error, on one line.
    static func text(of error: any Error) -> String {
        (CommandFailure(error)?.message ?? "\(error)").split(whereSeparator: \.isNewline).joined(
            separator: "; ")
    }

    /// Ends the process as an error asks for: its message on standard error, its code from sysexits.
    static func exit(with error: any Error) -> Never {
        guard let failure = CommandFailure(error) else { ParserFailure(error).exit() }
        failure.show()
        Glibc.exit(failure.exit.rawValue)
    }

    init(_ exit: SystemExit, _ message: String) {
        self.init(exit, [message])
    }

    /// Several things that are wrong, a line each.
    init(_ exit: SystemExit, _ messages: [String]) {
        self.exit = exit
        self.messages = messages
    }

    /// Writes the problems to standard error.
    func show() { for message in messages { Terminal.printError("aws-provisioner: \(message)") } }

    /// The same failure with more text at its end.
    func adding(_ text: String) -> CommandFailure {
        CommandFailure(exit, messages.dropLast() + [(messages.last ?? "") + text])
    }

    /// Nil for what the argument parser throws, which it reports by itself.
    private init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let problems as Settings.Problems:
            self.init(problems.isDenied ? .noPermission : .configuration, "\(problems)")
        case let error as DataError: self.init(.dataError, "\(error)")
        case let error as StorageError: self.init(error.exit, "\(error)")
        case let error as CryptographyError: self.init(.configuration, "\(error)")
        case let failure as ServiceUser.Failure: self.init(.noPermission, "\(failure)")
        case let failure as ProcessLimits.Failure: self.init(.software, "\(failure)")
        case let lock as IterationLock.InUse: self.init(.temporaryFailure, "\(lock)")
        case let unusable as IterationLock.Unusable: self.init(.cannotCreate, "\(unusable)")
        case is CancellationError: self.init(.temporaryFailure, "interrupted by a signal")
        default: return nil
        }
    }
}

extension StorageError {
    var exit: SystemExit {
        switch self {
        case .missing: .noInput
        case .unusable, .copy, .full: .cannotCreate
        case .newerSchema, .olderSchema, .sealing, .missingKey: .configuration
        case .busy, .inUse: .temporaryFailure
        case .corrupt, .damaged, .foreign, .unusableBackup: .dataError
        case .unreadable, .unwritable: .noPermission
        case .failed: .software
        }
    }
}
