/// The texts that a Hawk header and a bewit consist of.
enum HawkText {
    /// Whether bytes may stand in an attribute: printable ASCII without `"` and `\`.
    static func isAttribute(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { (0x20...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
    }

    /// Seconds since 1970 in their only decimal form; nil for any other text.
    static func seconds(_ text: some StringProtocol) -> Int? {
        guard let seconds = Int(text), (0...1_000_000_000_000).contains(seconds), String(seconds) == text
        else { return nil }
        return seconds
    }
}

/// The form of a clientId that a request or the auth service names.
enum ClientIdentifier {
    /// Bytes.
    static let maximumLength = 256

    /// Whether a text is 1 to 256 printable ASCII characters without blanks, `"` and `\`.
    static func isValid(_ id: String) -> Bool {
        (1...maximumLength).contains(id.utf8.count) && HawkText.isAttribute(id.utf8)
            && !id.utf8.contains(0x20)
    }
}
