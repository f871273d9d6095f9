import FoundationEssentials

/// The one-line form of an OpenSSH public key: `algorithm data comment`.
///
/// The data is base64 of fields with a length of 4 bytes each; the first field repeats the algorithm. Source: RFC 4253,
/// 6.6, and RFC 8709, 4.
enum OpenSSHPublicKey {
    /// The number of fields by algorithm. EC2 imports no keys of other algorithms.
    private static let fieldCounts = ["ssh-rsa": 3, "ssh-ed25519": 2]

    static func isValid(_ text: String) -> Bool {
        guard !text.contains(where: \.isNewline) else { return false }
        let parts = text.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, let data = Data(base64Encoded: String(parts[1])) else { return false }
        let algorithm = String(parts[0])
        guard let fields = fields(of: Array(data)), fields.first == Array(algorithm.utf8),
            fields.count == fieldCounts[algorithm], fields.allSatisfy({ !$0.isEmpty })
        else { return false }
        return algorithm != "ssh-ed25519" || fields.last?.count == 32
    }

    /// The fields of the data; nil if a length exceeds the data.
    private static func fields(of data: [UInt8]) -> [[UInt8]]? {
        var rest = data[...]
        var fields: [[UInt8]] = []
        while !rest.isEmpty {
            guard rest.count >= 4 else { return nil }
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard length <= rest.count else { return nil }
            fields.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return fields
    }
}

extension SettingsReader {
    /// An SSH public key without the white space around it.
    mutating func publicKey(_ key: String) -> String? {
        guard var text = text(key)?[...] else { return nil }
        text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        if OpenSSHPublicKey.isValid(String(text)) { return String(text) }
        note(
            key,
            "is not an OpenSSH public key: it must be one line `ssh-ed25519 DATA` or `ssh-rsa DATA`, as ssh-keygen "
                + "writes it")
        return nil
    }
}
