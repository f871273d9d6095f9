/// The rule for ids of clients.
package enum ClientId {
    /// The rule as text, for messages.
    package static let rule = "1 to 256 printable ASCII characters, without blanks, quotes and backslashes"

    /// Whether a text can be the id of a client. A Hawk header contains it in quotes.
    package static func isValid(_ id: String) -> Bool {
        !id.isEmpty && id.utf8.count <= 256
            && id.utf8.allSatisfy {
                (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
    }
}
