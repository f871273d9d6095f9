import Domain
import Formats

/// Where the pages are, below the path that the web server gives the program.
struct Links {
    /// Empty, or beginning with one slash and ending with none.
    private let base: String

    /// - Parameter scriptName: of the CGI request.
    init(scriptName: String) {
        let parts = scriptName.split(separator: "/").map { PercentEncoding.encode(String($0)) }
        base = parts.map { "/" + $0 }.joined()
    }

    var overview: String { base + "/" }

    var metrics: String { base + "/metrics" }

    func workerType(_ name: String, hours: Int? = nil) -> String {
        base + "/worker-type/" + PercentEncoding.encode(name) + (hours.map { "?hours=\($0)" } ?? "")
    }

    /// The overview with these parameters; those that are nil are left out.
    func overview(_ parameters: [(name: String, value: String?)]) -> String {
        let pairs = parameters.compactMap { name, value in
            value.map { "\(name)=\(PercentEncoding.encode($0))" }
        }
        return overview + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }
}

/// Percent-encoding of one part of a URL. Source: RFC 3986.
enum PercentEncoding {
    static func encode(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                encoded += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
    }

    /// Nil when it is not well-formed, or not UTF-8. A plus sign is a space, as forms send it.
    static func decode(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x2b: bytes.append(0x20)
            case 0x25:
                guard rest.count >= 2, rest.prefix(2).allSatisfy({ $0 != 0x2b && $0 != 0x2d }),
                    let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else { return nil }
                rest = rest.dropFirst(2)
                bytes.append(value)
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
