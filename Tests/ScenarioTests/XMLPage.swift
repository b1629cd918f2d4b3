import Foundation

#if canImport(FoundationXML)
import FoundationXML
#endif

/// A page that was read as XML, so that its structure can be asked for.
final class XMLPage: NSObject, XMLParserDelegate {
    struct Element {
        let name: String
        let classes: [String]
        let attributes: [String: String]
        var text = ""
    }

    private var all: [Element] = []
    private var open: [Int] = []
    /// All that is no tag.
    private(set) var text = ""

    /// - Throws: when it is not well-formed.
    init(_ page: String) throws {
        super.init()
        // The parser would look for the document type's declarations.
        let parser = XMLParser(data: Data(page.replacing("<!DOCTYPE html>\n", with: "").utf8))
        parser.delegate = self
        guard parser.parse() else { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
    }

    func elements(named name: String) -> [Element] { all.filter { $0.name == name } }

    func elements(ofClass classes: String...) -> [Element] {
        all.filter { element in classes.allSatisfy(element.classes.contains) }
    }

    /// Shapes that reach over several sheets stand in each: they count once.
    func shapes(ofClass name: String) -> Int {
        Set(elements(ofClass: name).map(\.attributes)).count
    }

    func texts(ofClass name: String) -> [String] {
        all.filter { $0.classes.contains(name) }.map(\.text)
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
        qualifiedName: String?, attributes: [String: String]
    ) {
        open.append(all.count)
        let classes = (attributes["class"] ?? "").split(separator: " ").map(String.init)
        all.append(Element(name: name, classes: classes, attributes: attributes))
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
        qualifiedName: String?
    ) {
        open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        text += string
        if let last = open.last { all[last].text += string }
    }
}
