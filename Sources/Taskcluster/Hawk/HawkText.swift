/// The character rules of Hawk headers and bewits.
enum HawkText {
    /// Whether an attribute may contain the bytes: printable ASCII without `"` and `\`.
    static func isAttribute(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { (0x20...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
    }

    /// Reads seconds since 1970 without leading zeros or a sign. Returns nil for any other text.
    static func seconds(_ text: some StringProtocol) -> Int? {
        guard let seconds = Int(text), (0...1_000_000_000_000).contains(seconds), String(seconds) == text
        else { return nil }
        return seconds
    }
}
