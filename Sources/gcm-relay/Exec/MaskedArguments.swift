/// What was typed, without API keys: reports are kept, and read by many (contract: API keys are
/// always masked).
struct MaskedArguments {
    let words: [String]

    /// - Parameter typed: what follows `--` is somebody else's.
    init(_ typed: some Sequence<String>) {
        var words: [String] = []
        var isOurs = true
        for word in typed {
            if word == "--" { isOurs = false }
            words.append(isOurs ? Self.masked(word, after: words.last) : word)
        }
        self.words = words
    }

    private static func masked(_ word: String, after previous: String?) -> String {
        let flag = "--project="
        if word.hasPrefix(flag) { return flag + masked(project: word.dropFirst(flag.count)) }
        return previous == "--project" ? masked(project: word[...]) : word
    }

    private static func masked(project: Substring) -> String {
        guard let colon = project.firstIndex(of: ":") else { return String(project) }
        return project[...colon] + "***"
    }
}
