import CXML2
import SharedLibraries

/// The functions of libxml2 that are used, found when the first answer is read. The callbacks' types come from its
/// header.
///
/// This file and `XMLRecords` alone touch the C library.
struct LibXML: Sendable {
    typealias Context = xmlParserCtxtPtr

    let makeParser:
        @convention(c) (
            UnsafeMutablePointer<xmlSAXHandler>?, UnsafeMutableRawPointer?, UnsafePointer<CChar>?, Int32,
            UnsafePointer<CChar>?
        ) -> Context?
    let useOptions: @convention(c) (Context?, Int32) -> Int32
    let parseChunk: @convention(c) (Context?, UnsafePointer<CChar>?, Int32, Int32) -> Int32
    let stopParser: @convention(c) (Context?) -> Void
    let freeParser: @convention(c) (Context?) -> Void

    private init() throws {
        let library = try SharedLibrary("libxml2.so.2", package: "libxml2")
        let initialize: @convention(c) () -> Void = try library.function("xmlInitParser")
        makeParser = try library.function("xmlCreatePushParserCtxt")
        useOptions = try library.function("xmlCtxtUseOptions")
        parseChunk = try library.function("xmlParseChunk")
        stopParser = try library.function("xmlStopParser")
        freeParser = try library.function("xmlFreeParserCtxt")
        initialize()
    }

    static let loaded = Result { try LibXML() }
}
