/// The simple commands of a shell script: lists of words, without assignments and redirections.
struct ShellScript {
    private(set) var commands: [[String]] = []

    init(_ text: String) {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = text.replacing("\\\n", with: " ")[...]

        func endWord() -> [String] { word.map { [$0] } ?? [] }
        while let character = characters.popFirst() {
            if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
                continue
            }
            switch character {
            case "'", "\"":
                quote = character
                word = word ?? ""
            case "#" where word == nil:
                characters = characters.drop { $0 != "\n" }
            case " ":
                words += endWord()
                word = nil
            case "\n", ";", "|", "&":
                words += endWord()
                word = nil
                commands.append(words)
                words = []
            default:
                word = (word ?? "") + String(character)
            }
        }
        commands = (commands + [words + endWord()]).map(Self.withoutRedirections).filter { !$0.isEmpty }
    }

    private static func withoutRedirections(_ words: [String]) -> [String] {
        var kept: [String] = []
        var skipsNext = false
        for word in words {
            if skipsNext {
                skipsNext = false
            } else if word == ">" || word == "<" {
                skipsNext = true
            } else if !kept.isEmpty || word.firstMatch(of: /^[A-Z_]+=/) == nil {
                kept.append(word)
            }
        }
        return kept
    }

    /// The arguments of each call of aws-provisioner, also of calls through `su -c`, `docker exec` and `swift run`.
    var provisionerArguments: [[String]] { commands.flatMap(Self.arguments) }

    private static func arguments(of words: [String]) -> [[String]] {
        switch words.first {
        case "aws-provisioner": return [Array(words.dropFirst())]
        case "swift" where words.dropFirst().first == "run": return arguments(of: Array(words.dropFirst(2)))
        case "docker" where words.dropFirst().first == "exec":
            return arguments(of: Array(words.dropFirst(3)))
        case "su":
            guard let script = words.drop(while: { $0 != "-c" }).dropFirst().first else { return [] }
            return ShellScript(script).provisionerArguments
        default: return []
        }
    }
}
