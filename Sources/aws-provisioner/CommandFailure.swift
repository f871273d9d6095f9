import ArgumentParser
import Cryptography
import Glibc
import Iteration
import Platform
import Settings
import Simulation
import Storage

/// A command that could not do what was asked: one line for the person, one exit code for the shell.
struct CommandFailure: Error {
    let exit: SystemExit
    let message: String

    /// Ends the process as an error asks for: its message on standard error, its code from sysexits.
    static func exit(with error: any Error) -> Never {
        guard let failure = CommandFailure(error) else { Provisioner.exit(withError: error) }
        writeError("aws-provisioner: \(failure.message)")
        Glibc.exit(failure.exit.rawValue)
    }

    init(_ exit: SystemExit, _ message: String) {
        self.exit = exit
        self.message = message
    }

    /// Several things that are wrong, a line each.
    init(_ exit: SystemExit, _ messages: [String]) {
        self.init(exit, messages.joined(separator: "\naws-provisioner: "))
    }

    /// Nil for what the argument parser throws, which it reports by itself.
    private init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let problems as Settings.Problems: self.init(.configuration, "\(problems)")
        case let error as DataError: self.init(.dataError, "\(error)")
        case let error as StorageError: self.init(error.exit, "\(error)")
        case let error as CryptographyError: self.init(.configuration, "\(error)")
        case let failure as ServiceUser.Failure: self.init(.noPermission, "\(failure)")
        case let failure as ProcessLimits.Failure: self.init(.software, "\(failure)")
        case let held as IterationLock.Held: self.init(.temporaryFailure, "\(held)")
        case let unusable as IterationLock.Unusable: self.init(.cannotCreate, "\(unusable)")
        default: return nil
        }
    }
}

extension StorageError {
    var exit: SystemExit {
        switch self {
        case .missing: .noInput
        case .unusable, .copy: .cannotCreate
        case .newerSchema, .olderSchema, .sealing: .configuration
        case .busy: .temporaryFailure
        case .corrupt: .dataError
        case .failed: .software
        }
    }
}

/// Writes one line to standard error.
func writeError(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = write(STDERR_FILENO, bytes, bytes.count)
}
