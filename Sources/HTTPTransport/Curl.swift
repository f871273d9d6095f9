import CCurl
import SharedLibraries

/// The functions of libcurl that are used, found when the first request is made.
///
/// The only file that touches the C library.
struct Curl: Sendable {
    typealias Easy = UnsafeMutableRawPointer
    typealias Multi = UnsafeMutableRawPointer
    typealias List = UnsafeMutablePointer<curl_slist>
    typealias Write =
        @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int

    private let easyInit: @convention(c) () -> Easy?
    private let easyCleanup: @convention(c) (Easy?) -> Void
    private let easyError: @convention(c) (CURLcode) -> UnsafePointer<CChar>?
    private let append: @convention(c) (List?, UnsafePointer<CChar>?) -> List?
    private let freeList: @convention(c) (List?) -> Void
    private let multiInit: @convention(c) () -> Multi?
    private let multiCleanup: @convention(c) (Multi?) -> CURLMcode
    private let addHandle: @convention(c) (Multi?, Easy?) -> CURLMcode
    private let removeHandle: @convention(c) (Multi?, Easy?) -> CURLMcode
    private let multiPerform: @convention(c) (Multi?, UnsafeMutablePointer<Int32>?) -> CURLMcode
    private let multiPoll:
        @convention(c) (Multi?, UnsafeMutableRawPointer?, UInt32, Int32, UnsafeMutablePointer<Int32>?) ->
            CURLMcode
    private let multiWakeup: @convention(c) (Multi?) -> CURLMcode
    private let infoRead:
        @convention(c) (Multi?, UnsafeMutablePointer<Int32>?) -> UnsafeMutablePointer<CURLMsg>?
    private nonisolated(unsafe) let setopt: UnsafeMutableRawPointer
    private nonisolated(unsafe) let getinfo: UnsafeMutableRawPointer
    private nonisolated(unsafe) let multiSetopt: UnsafeMutableRawPointer

    private init() throws {
        let library = try SharedLibrary("libcurl.so.4", package: "libcurl4")
        easyInit = try library.function("curl_easy_init")
        easyCleanup = try library.function("curl_easy_cleanup")
        easyError = try library.function("curl_easy_strerror")
        append = try library.function("curl_slist_append")
        freeList = try library.function("curl_slist_free_all")
        multiInit = try library.function("curl_multi_init")
        multiCleanup = try library.function("curl_multi_cleanup")
        addHandle = try library.function("curl_multi_add_handle")
        removeHandle = try library.function("curl_multi_remove_handle")
        multiPerform = try library.function("curl_multi_perform")
        multiPoll = try library.function("curl_multi_poll")
        multiWakeup = try library.function("curl_multi_wakeup")
        infoRead = try library.function("curl_multi_info_read")
        setopt = try library.address("curl_easy_setopt")
        getinfo = try library.address("curl_easy_getinfo")
        multiSetopt = try library.address("curl_multi_setopt")
        let globalInit: @convention(c) (Int) -> CURLcode = try library.function("curl_global_init")
        guard globalInit(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK else {
            throw TransportError.unavailable("libcurl cannot be set up")
        }
    }

    private static let loaded = Result { try Curl() }

    static func load() throws(TransportError) -> Curl {
        switch loaded {
        case .success(let curl): return curl
        case .failure(let error): throw .unavailable("\(error)")
        }
    }

    // MARK: One transfer

    func makeEasy() -> Easy? { easyInit() }
    func free(_ easy: Easy) { easyCleanup(easy) }

    func set(_ easy: Easy, _ option: CURLoption, _ value: Int) {
        _ = shim_set_long(setopt, easy, option, value)
    }
    func set(_ easy: Easy, _ option: CURLoption, _ value: String) {
        _ = value.withCString { shim_set_pointer(setopt, easy, option, $0) }
    }
    func set(_ easy: Easy, _ option: CURLoption, pointer: UnsafeRawPointer?) {
        _ = shim_set_pointer(setopt, easy, option, pointer)
    }
    func set(_ easy: Easy, _ option: CURLoption, callback: @escaping Write) {
        _ = shim_set_callback(setopt, easy, option, callback)
    }

    /// Copies the body into the transfer.
    func setBody(_ easy: Easy, _ body: [UInt8]) {
        _ = shim_set_offset(setopt, easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        body.withUnsafeBytes { set(easy, CURLOPT_COPYPOSTFIELDS, pointer: $0.baseAddress) }
    }

    func status(of easy: Easy) -> Int {
        var status = 0
        _ = shim_get_long(getinfo, easy, CURLINFO_RESPONSE_CODE, &status)
        return status
    }

    func makeList(_ lines: [String]) -> List? {
        lines.reduce(nil) { list, line in append(list, line) ?? list }
    }
    func free(_ list: List?) { if let list { freeList(list) } }

    /// The typed form of a transfer's result; nil when it went well.
    func error(_ code: CURLcode) -> TransportError? {
        let text = easyError(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
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

    func makeMulti() -> Multi? {
        guard let multi = multiInit() else { return nil }
        // One host is one region's endpoint: EC2 throttles a caller that asks it more at once.
        _ = shim_multi_set_long(multiSetopt, multi, CURLMOPT_MAX_HOST_CONNECTIONS, 16)
        return multi
    }
    func free(multi: Multi) { _ = multiCleanup(multi) }
    func add(_ easy: Easy, to multi: Multi) -> Bool { addHandle(multi, easy) == CURLM_OK }
    func remove(_ easy: Easy, from multi: Multi) { _ = removeHandle(multi, easy) }
    func wake(_ multi: Multi) { _ = multiWakeup(multi) }

    /// Moves all transfers on, waits for more up to a time, and hands out those that ended.
    func turn(_ multi: Multi, milliseconds: Int32) -> [(easy: Easy, result: CURLcode)] {
        var running: Int32 = 0
        _ = multiPerform(multi, &running)
        var ended: [(Easy, CURLcode)] = []
        var left: Int32 = 0
        while let message = infoRead(multi, &left) {
            if message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle {
                ended.append((easy, shim_message_result(message)))
            }
        }
        if ended.isEmpty { _ = multiPoll(multi, nil, 0, milliseconds, nil) }
        return ended
    }
}
