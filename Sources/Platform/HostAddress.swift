import Glibc

/// An IP address of a host, and the networks that can reach it.
package struct HostAddress: Hashable, Sendable, CustomStringConvertible {
    package enum Scope: Int, Comparable, Sendable {
        case loopback
        /// Reserved for private networks and links.
        case `private`
        case global

        package static func < (left: Scope, right: Scope) -> Bool { left.rawValue < right.rawValue }
    }

    package let description: String
    package let scope: Scope

    /// The addresses of a host, by the resolver of the system. An IPv6 address may have brackets. Empty when the name
    /// has none.
    package static func addresses(of host: String) -> [HostAddress] {
        var name = host
        if name.hasPrefix("["), name.hasSuffix("]") { name = String(name.dropFirst().dropLast()) }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [HostAddress] = []
        var next = first
        while let info = next?.pointee {
            if let address = HostAddress(info), !found.contains(address) { found.append(address) }
            next = info.ai_next
        }
        return found
    }

    private init?(_ info: addrinfo) {
        guard let address = info.ai_addr else { return nil }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard
            getnameinfo(
                address, info.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
        else { return nil }
        description = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let bytes: [UInt8]
        switch info.ai_family {
        case AF_INET:
            bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) }
            }
        default: return nil
        }
        scope = Self.scope(of: bytes)
    }

    /// Source: RFC 6890, and RFC 4193 for IPv6.
    ///
    /// - Parameter bytes: 4 or 16.
    package static func scope(of bytes: [UInt8]) -> Scope {
        guard bytes.count == 16 else {
            guard bytes.count == 4 else { return .global }
            switch (bytes[0], bytes[1]) {
            case (127, _), (0, _): return .loopback
            case (10, _), (172, 16...31), (192, 168), (169, 254), (100, 64...127): return .private
            default: return .global
            }
        }
        let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xff, 0xff]
        if Array(bytes.prefix(12)) == mapped { return scope(of: Array(bytes.suffix(4))) }
        if bytes.dropLast().allSatisfy({ $0 == 0 }), bytes[15] <= 1 { return .loopback }
        let isUniqueLocal = bytes[0] & 0xfe == 0xfc
        let isLinkLocal = bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
        return isUniqueLocal || isLinkLocal ? .private : .global
    }
}
