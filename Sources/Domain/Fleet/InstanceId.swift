/// The ids of EC2 instances: `i-` and 8 or 17 hexadecimal digits, of either case as in the API's published schema.
package enum InstanceId {
    /// The rule as a regular expression, for messages and schemas.
    package static let pattern = "^i-[a-fA-F0-9]{8}([a-fA-F0-9]{9})?$"

    package static func isValid(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst(2)
        return text.hasPrefix("i-") && (digits.count == 8 || digits.count == 17)
            && digits.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || (0x41...0x46).contains($0)
            }
    }
}
