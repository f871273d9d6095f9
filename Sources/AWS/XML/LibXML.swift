import CXML2

/// libxml2, loaded on first use.
///
/// `XMLRecordParser` calls its functions.
enum LibXML {
    typealias Context = xmlParserCtxtPtr

    private static let functions = Result { () throws(XMLError) -> xml_functions in
        let table = UnsafeMutablePointer<xml_functions>.allocate(capacity: 1)
        defer { table.deallocate() }
        if let reason = xml_functions_load(table, "libxml2.so.2") {
            throw XMLError(
                description: "\(String(cString: reason)); install the Debian package libxml2")
        }
        let functions = table.pointee
        functions.InitParser()
        return functions
    }

    /// Returns the functions of libxml2.
    static func load() throws(XMLError) -> xml_functions { try functions.get() }
}
