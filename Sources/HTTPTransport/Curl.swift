import CCurl

/// libcurl, loaded on first use.
///
/// `Transfer` uses the library's constants only; all calls are made here.
struct Curl: Sendable {
    typealias Easy = UnsafeMutableRawPointer
    typealias Multi = UnsafeMutableRawPointer
    typealias List = UnsafeMutablePointer<curl_slist>
    typealias Write = curl_write_callback

    private let functions: curl_functions

    private init() throws(TransportError) {
        let table = UnsafeMutablePointer<curl_functions>.allocate(capacity: 1)
        defer { table.deallocate() }
        if let reason = curl_functions_load(table, "libcurl.so.4") {
            throw .unavailable("\(String(cString: reason)); install the Debian package libcurl4")
        }
        functions = table.pointee
        guard functions.global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK else {
            throw .unavailable("libcurl cannot be set up")
        }
    }

    private static let loaded = Result { () throws(TransportError) in try Curl() }

    /// Returns the library.
    static func load() throws(TransportError) -> Curl { try loaded.get() }

    // MARK: One transfer

    func makeEasy() -> Easy? { functions.easy_init() }
    func free(_ easy: Easy) { functions.easy_cleanup(easy) }

    func set(_ easy: Easy, _ option: CURLoption, _ value: Int) {
        _ = curl_functions_set_long(functions, easy, option, value)
    }
    func set(_ easy: Easy, _ option: CURLoption, _ value: String) {
        _ = value.withCString { curl_functions_set_pointer(functions, easy, option, $0) }
    }
    func set(_ easy: Easy, _ option: CURLoption, pointer: UnsafeRawPointer?) {
        _ = curl_functions_set_pointer(functions, easy, option, pointer)
    }
    func set(_ easy: Easy, _ option: CURLoption, callback: @escaping Write) {
        _ = curl_functions_set_callback(functions, easy, option, callback)
    }

    /// Copies a body into the transfer.
    func setBody(_ easy: Easy, _ body: [UInt8]) {
        _ = curl_functions_set_offset(functions, easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        body.withUnsafeBytes { set(easy, CURLOPT_COPYPOSTFIELDS, pointer: $0.baseAddress) }
    }

    func status(of easy: Easy) -> Int {
        var status = 0
        _ = curl_functions_get_long(functions, easy, CURLINFO_RESPONSE_CODE, &status)
        return status
    }

    func makeList(_ lines: [String]) -> List? {
        lines.reduce(nil) { list, line in functions.slist_append(list, line) ?? list }
    }
    func free(_ list: List?) { if let list { functions.slist_free_all(list) } }

    /// The error of a transfer; nil for a success.
    func error(_ code: CURLcode) -> TransportError? {
        let text = functions.easy_strerror(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
        switch code {
        case CURLE_OK: return nil
        case CURLE_OPERATION_TIMEDOUT: return .timedOut
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT,
            CURLE_URL_MALFORMAT,
            CURLE_UNSUPPORTED_PROTOCOL:
            return .unreachable(text)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            return .untrusted(text)
        default: return .broken(text)
        }
    }

    // MARK: All transfers

    /// The maximum number of open connections: some for each region, and below the usual limit of open files.
    private static let openConnections = 512

    func makeMulti(connectionsPerHost: Int) -> Multi? {
        guard let multi = functions.multi_init() else { return nil }
        // A host is the endpoint of one region.
        _ = curl_functions_multi_set_long(
            functions, multi, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHost)
        // By default libcurl keeps four connections for each transfer in progress, and closes the others when few are left.
        _ = curl_functions_multi_set_long(functions, multi, CURLMOPT_MAXCONNECTS, Self.openConnections)
        return multi
    }
    func free(multi: Multi) { _ = functions.multi_cleanup(multi) }
    func add(_ easy: Easy, to multi: Multi) -> Bool { functions.multi_add_handle(multi, easy) == CURLM_OK }
    func remove(_ easy: Easy, from multi: Multi) { _ = functions.multi_remove_handle(multi, easy) }
    func wake(_ multi: Multi) { _ = functions.multi_wakeup(multi) }

    /// Makes progress on all transfers. Returns finished transfers, or waits for network events when there are none.
    func perform(_ multi: Multi, milliseconds: Int32) -> [(easy: Easy, result: CURLcode)] {
        var running: Int32 = 0
        _ = functions.multi_perform(multi, &running)
        var ended: [(Easy, CURLcode)] = []
        var left: Int32 = 0
        while let message = functions.multi_info_read(multi, &left) {
            if message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle {
                ended.append((easy, curl_message_result(message)))
            }
        }
        if ended.isEmpty { _ = functions.multi_poll(multi, nil, 0, milliseconds, nil) }
        return ended
    }
}
