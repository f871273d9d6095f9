import Glibc

/// A system library that is loaded on first use.
///
/// An invocation that makes no call to the outside and opens no secret then never pays for loading it; linking
/// libcurl alone takes longer than everything else at the start of a process.
public struct SharedLibrary: @unchecked Sendable {
    /// The library cannot be used; the message names the Debian package that has it.
    public struct LoadError: Error, CustomStringConvertible, Sendable {
        public let description: String
    }

    private let name: String
    private let handle: UnsafeMutableRawPointer

    /// Loads a library by its file name, `libcurl.so.4`. It stays loaded until the process ends.
    public init(_ name: String, package: String) throws(LoadError) {
        guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "unknown error"
            throw LoadError(description: "cannot load \(name) (Debian package \(package)): \(reason)")
        }
        self.name = name
        self.handle = handle
    }

    /// Looks a function up. `Function` has to be the C function's own type, `@convention(c)`.
    public func function<Function>(_ symbol: String, as type: Function.Type = Function.self) throws(LoadError)
        -> Function
    {
        guard let address = dlsym(handle, symbol) else {
            throw LoadError(description: "\(name) has no function \(symbol)")
        }
        return unsafeBitCast(address, to: type)
    }

    /// Looks a function up by its address, for the variadic ones that a C shim has to call.
    public func address(_ symbol: String) throws(LoadError) -> UnsafeMutableRawPointer {
        guard let address = dlsym(handle, symbol) else {
            throw LoadError(description: "\(name) has no function \(symbol)")
        }
        return address
    }
}
