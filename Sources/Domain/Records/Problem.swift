/// A condition that an operator should know of: why a decision buys nothing, or less.
package struct Problem: Hashable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// The worker type launches nothing until an operator or time ends it.
        case stopped
        /// The iteration could not decide for the worker type.
        case skipped
        /// Pauses of operators leave the worker type no pool.
        case paused
        case warning
    }

    package let kind: Kind
    package let text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    /// Whether the problem continues an earlier problem. Times, prices and counts in its text may differ.
    package func isRepetition(of earlier: Problem) -> Bool {
        kind == earlier.kind
            && text.utf8.lazy.filter { !Self.isDigit($0) }.elementsEqual(
                earlier.text.utf8.lazy.filter { !Self.isDigit($0) })
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension Problem: CustomStringConvertible {
    package var description: String {
        switch kind {
        case .stopped, .skipped, .paused: "\(kind.rawValue): \(text)"
        case .warning: text
        }
    }
}

extension Problem: Codable {
    private enum CodingKeys: CodingKey { case kind, text }

    /// Also reads the form of decisions that were stored before problems had a kind: one text.
    package init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            self.init(unversioned: text)
        } else {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self.init(
                try container.decode(Kind.self, forKey: .kind),
                try container.decode(String.self, forKey: .text))
        }
    }

    /// - Parameter unversioned: the stored text of an older program.
    init(unversioned text: String) {
        for kind in [Kind.stopped, .skipped] where text.hasPrefix("\(kind.rawValue): ") {
            self.init(kind, String(text.dropFirst(kind.rawValue.count + 2)))
            return
        }
        self.init(.warning, text)
    }
}
