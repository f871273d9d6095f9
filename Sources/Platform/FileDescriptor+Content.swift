package import SystemPackage

extension FileDescriptor {
    /// Reads from the current position to the end.
    ///
    /// - Parameter limit: the size above which reading fails with `Errno.fileTooLarge`. Bytes.
    package func content(limit: Int) throws(Errno) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try Errno.of { try chunk.withUnsafeMutableBytes { try read(into: $0) } }
            if count == 0 { return content }
            guard content.count + count <= limit else { throw .fileTooLarge }
            content += chunk[..<count]
        }
    }
}

extension Errno {
    /// Calls functions of SystemPackage, which throw errors of this type and do not declare it.
    package static func of<Value>(_ body: () throws -> Value) throws(Errno) -> Value {
        do {
            return try body()
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}
