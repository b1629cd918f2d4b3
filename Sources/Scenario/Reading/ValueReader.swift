import CloudMessaging
import Journal

/// Reads values, and complains about those of another form with their places.
struct ValueReader {
    let complaints: Complaints
    /// The lines of the file.
    let lines: [Substring]

    init(_ complaints: Complaints, _ text: String) {
        self.complaints = complaints
        lines = text.withoutByteOrderMark.split(omittingEmptySubsequences: false) { $0.isNewline }
    }

    func complain(_ problem: String, remedy: String? = nil, at tree: YAMLTree) {
        complaints.add(problem, remedy: remedy, at: tree.place)
    }

    /// Numbers and words without quotes are texts, too.
    func text(_ tree: YAMLTree, _ name: String) -> String? {
        guard case .scalar(let text, _) = tree.content, !tree.isNull else {
            complain(
                "\(name) must be a text, not \(tree.shown)", remedy: "write \(name): TEXT",
                at: tree)
            return nil
        }
        return text
    }

    func name<Value>(
        _ tree: YAMLTree, _ name: String, _ form: String, _ parse: (String) -> Value?
    ) -> Value? {
        guard let text = text(tree, name) else { return nil }
        guard let value = parse(text) else {
            complain("\(name) \"\(text)\" is none", remedy: "write \(form)", at: tree)
            return nil
        }
        return value
    }

    func duration(_ tree: YAMLTree, _ name: String) -> Duration? {
        guard case .scalar(let text, _) = tree.content, let duration = DurationText.parse(text)
        else {
            complain(
                "\(name) must be a duration, not \(tree.shown)",
                remedy: DurationText.remedy(for: tree.shown), at: tree)
            return nil
        }
        return duration
    }

    /// A duration that may have a sign.
    func signedDuration(_ tree: YAMLTree, _ name: String) -> Duration? {
        guard case .scalar(let text, _) = tree.content, text.hasPrefix("-") || text.hasPrefix("+"),
            let size = DurationText.parse(String(text.dropFirst()))
        else { return duration(tree, name) }
        return text.hasPrefix("-") ? .zero - size : size
    }

    func flag(_ tree: YAMLTree, _ name: String) -> Bool? {
        if case .scalar(let text, .plain) = tree.content, let flag = Bool(text) { return flag }
        complain(
            "\(name) must be true or false, not \(tree.shown)",
            remedy: "write it without quotes", at: tree)
        return nil
    }

    func integer(_ tree: YAMLTree, _ name: String, in range: ClosedRange<Int>) -> Int? {
        guard case .scalar(let text, .plain) = tree.content, let number = Int(text) else {
            let isTooBig = tree.shown.allSatisfy(\.isWholeNumber)
            complain(
                "\(name) must be a whole number, not \(tree.shown)",
                remedy: isTooBig
                    ? "it is at most \(range.upperBound)"
                    : "write digits without quotes, such as \(max(1, range.lowerBound))", at: tree)
            return nil
        }
        guard range.contains(number) else {
            complain(
                "\(name) must be from \(range.lowerBound) to \(range.upperBound), not \(number)",
                remedy: number < range.lowerBound ? "write a larger one" : "write a smaller one",
                at: tree)
            return nil
        }
        return number
    }

    func number(_ tree: YAMLTree, _ name: String, in range: ClosedRange<Double>) -> Double? {
        guard case .scalar(let text, .plain) = tree.content, let number = Double(text),
            range.contains(number)
        else {
            complain(
                "\(name) must be a number from \(range.lowerBound) to \(range.upperBound), "
                    + "not \(tree.shown)", remedy: "write it without quotes", at: tree)
            return nil
        }
        return number
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ tree: YAMLTree, _ name: String
    ) -> Choice? {
        guard let text = text(tree, name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            complain(
                "\(name) \"\(text)\" is unknown",
                remedy: Suggestion.sentence(for: text, among: Choice.allCases.map(\.rawValue)),
                at: tree)
            return nil
        }
        return choice
    }

    /// An expression of the match language; what is wrong with it is said with its own place.
    func match(_ tree: YAMLTree, _ name: String) -> Match? {
        guard let text = text(tree, name) else { return nil }
        do {
            return try Match(parsing: text)
        } catch {
            let place = self.place(ofColumn: error.column, of: text, in: tree)
            let problem = place == nil ? "\(error)" : error.problem
            // Most say themselves what to do.
            let remedy = problem.contains(";") ? nil : "see docs/journal.md, Asking"
            complaints.add("\(name): \(problem)", remedy: remedy, at: place ?? tree.place)
            return nil
        }
    }

    /// The members of a list; a single value counts as a list of one.
    func list(_ tree: YAMLTree) -> [YAMLTree] {
        if case .list(let members) = tree.content { return members }
        return [tree]
    }

    /// The pairs of a mapping of free names.
    func mapping(_ tree: YAMLTree, _ name: String) -> [YAMLTree.Entry]? {
        if tree.isNull { return [] }
        guard case .mapping(let entries) = tree.content else {
            complain(
                "\(name) must be a mapping, not \(tree.shown)", remedy: "write {NAME: VALUE}",
                at: tree)
            return nil
        }
        return entries
    }

    // MARK: Places within a text

    /// The place of a character of a text that stands on one line; nil: it cannot be told.
    private func place(ofColumn column: Int, of text: String, in tree: YAMLTree) -> SourcePlace? {
        guard case .scalar(_, let style) = tree.content, lines.indices.contains(tree.place.line - 1)
        else { return nil }
        var source = Array(lines[tree.place.line - 1].unicodeScalars)[(tree.place.column - 1)...]
        if style == .singleQuoted || style == .doubleQuoted { source = source.dropFirst() }
        guard style != .block else { return nil }
        let before = String(text.prefix(column - 1))
        for scalar in before.unicodeScalars {
            // An escape takes two characters of the file for one of the text.
            if style == .doubleQuoted, source.first == "\\" { source = source.dropFirst() }
            if style == .singleQuoted, source.first == "'" { source = source.dropFirst() }
            guard source.first == scalar else { return nil }
            source = source.dropFirst()
        }
        return SourcePlace(line: tree.place.line, column: source.startIndex + 1)
    }
}
