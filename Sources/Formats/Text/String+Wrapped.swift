extension String {
    /// The text in lines of a limited width. Lines break at blanks; a longer word is divided.
    ///
    /// - Parameter width: characters of a line, at least 1.
    package func wrapped(to width: Int) -> [String] {
        let width = max(1, width)
        var lines: [String] = []
        var line = ""
        for word in split(separator: " ") {
            var rest = word
            if !line.isEmpty {
                if line.count + 1 + rest.count <= width {
                    line += " " + rest
                    continue
                }
                lines.append(line)
                line = ""
            }
            while rest.count > width {
                lines.append(String(rest.prefix(width)))
                rest = rest.dropFirst(width)
            }
            line = String(rest)
        }
        return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
    }
}
