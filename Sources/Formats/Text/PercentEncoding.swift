/// Percent-encoding of one part of a URL. Source: RFC 3986, section 2.
package enum PercentEncoding {
    package static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        append(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the encoded text.
    ///
    /// - Parameter spaceAsPlus: whether a space becomes `+`, as in `application/x-www-form-urlencoded`.
    package static func append(_ text: String, to bytes: inout [UInt8], spaceAsPlus: Bool = false) {
        for byte in text.utf8 {
            switch byte {
            case 0x20 where spaceAsPlus: bytes.append(0x2b)
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e: bytes.append(byte)
            default: bytes += [0x25, digit(byte >> 4), digit(byte & 15)]
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x41 + value - 10 }

    /// Decodes a part of a query, with a plus sign for a space. Returns nil for text that is malformed or not UTF-8.
    package static func decode(_ text: some StringProtocol) -> String? {
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
