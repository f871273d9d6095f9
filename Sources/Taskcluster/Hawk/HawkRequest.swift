import Cryptography
import FoundationEssentials

/// The parts of a request that a Hawk MAC covers. Source: the Hawk scheme, version 1.
package struct HawkRequest: Sendable {
    /// The place of the signature: the `Authorization` header, or the query.
    package enum Purpose: String, Sendable {
        case header
        case bewit
    }

    package var method: String
    /// Path and query, exactly as requested.
    package var resource: String
    package var host: String
    package var port: Int

    package init(method: String, resource: String, host: String, port: Int) {
        self.method = method
        self.resource = resource
        self.host = host
        self.port = port
    }

    /// Reads an absolute URL. Returns nil for a URL without a host.
    package init?(method: String, url: String) {
        guard let separator = url.firstRange(of: "://") else { return nil }
        let scheme = url[..<separator.lowerBound].lowercased()
        let rest = url[separator.upperBound...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<slash]
        guard !authority.isEmpty else { return nil }
        let standardPort = scheme == "https" ? 443 : 80
        if let colon = authority.lastIndex(of: ":"),
            let port = Int(authority[authority.index(after: colon)...])
        {
            self.init(method: method, resource: "", host: String(authority[..<colon]), port: port)
        } else {
            self.init(method: method, resource: "", host: String(authority), port: standardPort)
        }
        resource = slash == rest.endIndex ? "/" : String(rest[slash...])
    }

    /// Whether the method may change state.
    package var isMutating: Bool { !["GET", "HEAD", "OPTIONS"].contains(method.uppercased()) }

    /// The MAC in base64.
    package func mac(
        _ purpose: Purpose = .header, key: String, timestamp: Int, nonce: String, hash: String = "",
        ext: String = ""
    ) throws -> String {
        let lines = [
            "hawk.1.\(purpose.rawValue)", String(timestamp), nonce, method.uppercased(), resource,
            host.lowercased(), String(port), hash, Self.escape(ext),
        ]
        let message = lines.map { $0 + "\n" }.joined()
        return Data(try HMACSHA256.authenticationCode(for: message.utf8, key: key.utf8)).base64EncodedString()
    }

    /// The hash of a payload in base64.
    package static func payloadHash(contentType: String, body: [UInt8]) throws -> String {
        let type = contentType.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
        let bytes = Array("hawk.1.payload\n\(type)\n".utf8) + body + [0x0a]
        return Data(try SHA256.hash(bytes)).base64EncodedString()
    }

    private static func escape(_ ext: String) -> String {
        ext.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}
