import CXML2

/// Why a document cannot be read.
package struct XMLError: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }
}

/// Reads the records of an XML document one by one with libxml2's push parser, without a tree.
///
/// Refuses documents with a DTD, so that they cannot declare entities. libxml2 limits depth and length.
package final class XMLRecordParser {
    /// The texts of the elements outside of records, by name: `nextToken`, `requestId`.
    private(set) var rootFields: [String: String] = [:]

    private let library: xml_functions
    private let path: [String]
    private let names: XMLNames
    private let onRecord: (XMLRecord) throws -> Void

    private var context: LibXML.Context?
    private var failure: (any Error)?
    /// The index and text of each name that the parser interned. The index is -1 for a name that is not kept.
    private var known: [UnsafeRawPointer: (index: Int, text: String)] = [:]
    private var depth = 0
    /// The number of open elements of the path.
    private var matched = 0
    private var record: XMLRecord
    private var open: [Int] = []
    /// The depth of the element that is skipped with its content.
    private var skippedAt: Int?
    /// The innermost open element outside of records.
    private var field: (name: String, depth: Int)?
    private var fieldText: [UInt8] = []
    /// Whether the root has the expected name.
    private(set) var foundRoot = false

    /// - Parameters:
    ///   - path: the element names from the root to the record.
    ///   - names: the names of the elements that a record keeps.
    package init(
        path: [String], names: [String], onRecord: @escaping (XMLRecord) throws -> Void
    ) throws {
        library = try LibXML.load()
        self.path = path
        self.names = XMLNames([path.last ?? ""] + names)
        self.onRecord = onRecord
        record = XMLRecord(names: self.names)
    }

    /// Reads a whole document.
    package func read(_ document: [UInt8]) throws {
        var handler = xmlSAXHandler()
        handler.initialized = XML_SAX2_MAGIC
        handler.startElementNs = { reader, name, _, _, _, _, _, _, _ in
            guard let reader, let name else { return }
            Unmanaged<XMLRecordParser>.fromOpaque(reader).takeUnretainedValue().start(name)
        }
        handler.endElementNs = { reader, _, _, _ in
            guard let reader else { return }
            Unmanaged<XMLRecordParser>.fromOpaque(reader).takeUnretainedValue().end()
        }
        handler.characters = { reader, bytes, count in
            guard let reader, let bytes else { return }
            Unmanaged<XMLRecordParser>.fromOpaque(reader).takeUnretainedValue().characters(
                UnsafeBufferPointer(start: bytes, count: Int(count)))
        }
        handler.internalSubset = { reader, _, _, _ in
            guard let reader else { return }
            Unmanaged<XMLRecordParser>.fromOpaque(reader).takeUnretainedValue().fail(
                XMLError(description: "the document has a DTD"))
        }
        let itself = Unmanaged.passUnretained(self).toOpaque()
        guard let context = library.CreatePushParserCtxt(&handler, itself, nil, 0, nil) else {
            throw XMLError(description: "libxml2 cannot create a parser")
        }
        self.context = context
        defer {
            self.context = nil
            library.FreeParserCtxt(context)
        }
        _ = library.CtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOENT.rawValue))
        var result: Int32 = 0
        document.withUnsafeBytes { bytes in
            var rest = bytes.bindMemory(to: CChar.self)[...]
            // In chunks, because the C function has 32-bit lengths.
            while !rest.isEmpty, result == 0, failure == nil {
                let piece = rest.prefix(1 << 20)
                result = library.ParseChunk(
                    context, UnsafeBufferPointer(rebasing: piece).baseAddress, Int32(piece.count), 0)
                rest = rest.dropFirst(piece.count)
            }
        }
        if result == 0, failure == nil { result = library.ParseChunk(context, nil, 0, 1) }
        if let failure { throw failure }
        guard result == 0 else {
            throw XMLError(description: "the document is incomplete or malformed (error \(result))")
        }
    }

    private func fail(_ error: any Error) {
        if failure == nil { failure = error }
        library.StopParser(context)
    }

    private func start(_ name: UnsafePointer<xmlChar>) {
        depth += 1
        if skippedAt != nil { return }
        let (index, text) = look(up: name)
        if matched == path.count {
            guard index >= 0 else {
                skippedAt = depth
                return
            }
            push(index)
        } else if depth == matched + 1, text == path[matched] {
            matched += 1
            foundRoot = true
            if matched == path.count {
                record.clear()
                open.removeAll(keepingCapacity: true)
                push(index)
            }
        }
        if matched < path.count {
            field = (text, depth)
            fieldText.removeAll(keepingCapacity: true)
        }
    }

    private func push(_ index: Int) {
        record.elements.append(
            XMLRecord.Element(
                name: index, parent: open.last ?? -1, start: record.text.count, end: record.text.count))
        open.append(record.elements.count - 1)
    }

    private func end() {
        defer { depth -= 1 }
        if let skipped = skippedAt {
            if skipped == depth { skippedAt = nil }
            return
        }
        if matched == path.count {
            let index = open.removeLast()
            record.elements[index].end = record.text.count
            if open.isEmpty {
                matched -= 1
                do { try onRecord(record) } catch { fail(error) }
            }
        } else if depth == matched {
            matched -= 1
        } else if let field, field.depth == depth {
            rootFields[field.name] = String(decoding: fieldText, as: UTF8.self)
            self.field = nil
        }
    }

    private func characters(_ bytes: UnsafeBufferPointer<xmlChar>) {
        if skippedAt != nil { return }
        if matched == path.count {
            record.text.append(contentsOf: bytes)
        } else {
            fieldText.append(contentsOf: bytes)
        }
    }

    private func look(up name: UnsafePointer<xmlChar>) -> (index: Int, text: String) {
        let key = UnsafeRawPointer(name)
        if let seen = known[key] { return seen }
        let text = String(cString: name)
        let found = (names[text] ?? -1, text)
        known[key] = found
        return found
    }
}
