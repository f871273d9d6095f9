/// A slugid: 22 characters that name a random version 4 UUID, never beginning with a dash.
///
/// Source: the slugid specification of Taskcluster ("nice" slugids).
package enum SlugID {
    /// - Parameter random: 16 random bytes; missing ones count as zero.
    package static func make(random: [UInt8]) -> String {
        var bytes = Array(random.prefix(16)) + Array(repeating: 0, count: max(0, 16 - random.count))
        bytes[0] &= 0x7f
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | Int(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[buffer >> bits & 63])
            }
            buffer &= 1 << bits - 1
        }
        text.append(alphabet[buffer << (6 - bits) & 63])
        return String(decoding: text, as: UTF8.self)
    }

    /// Two slugids in one string: an access token, or the seed of temporary credentials.
    ///
    /// - Parameter random: returns the given number of random bytes.
    package static func pair(random: (Int) throws -> [UInt8]) rethrows -> String {
        make(random: try random(16)) + make(random: try random(16))
    }

    /// Whether a text has the form of a slugid.
    package static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func isWord(_ byte: UInt8) -> Bool {
            (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
                || byte == 0x2d || byte == 0x5f
        }
        return bytes.count == 22 && bytes.allSatisfy(isWord) && "QRST".utf8.contains(bytes[8])
            && "CGKOSWaeimquy26-".utf8.contains(bytes[10]) && "AQgw".utf8.contains(bytes[21])
    }
}
