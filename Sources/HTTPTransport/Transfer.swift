import CCurl
import FoundationEssentials

/// One request in progress, and the received part of its response. Only the client's queue uses it.
final class Transfer: @unchecked Sendable {
    /// Unique within the client.
    let id: Int
    let request: HTTPRequest
    let deadline: Date
    private let finish: (Result<HTTPResponse, TransportError>) -> Void
    private let curl: Curl
    private var headerList: Curl.List?
    private(set) var easy: Curl.Easy?
    private var headers: [String: String] = [:]
    private var body: [UInt8] = []
    private var overflowed = false

    init(
        id: Int, _ request: HTTPRequest, deadline: Date, curl: Curl,
        finish: @escaping (Result<HTTPResponse, TransportError>) -> Void
    ) {
        self.id = id
        self.request = request
        self.deadline = deadline
        self.curl = curl
        self.finish = finish
    }

    /// Creates the handle. Returns nil when no time is left, or libcurl cannot create a handle.
    func start(now: Date, timeout: TimeInterval) -> Curl.Easy? {
        let left = min(request.timeout ?? timeout, deadline.timeIntervalSince(now))
        guard left > 0, let easy = curl.makeEasy() else { return nil }
        self.easy = easy
        curl.set(easy, CURLOPT_URL, request.url)
        curl.set(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        curl.set(easy, CURLOPT_NOSIGNAL, 1)
        curl.set(easy, CURLOPT_SSL_VERIFYPEER, 1)
        curl.set(easy, CURLOPT_SSL_VERIFYHOST, 2)
        curl.set(easy, CURLOPT_TIMEOUT_MS, max(1, Int(min(left, 86_400) * 1000)))
        curl.set(easy, CURLOPT_CONNECTTIMEOUT_MS, 10_000)
        curl.set(easy, CURLOPT_ACCEPT_ENCODING, "")
        if !request.mayUseProxy { curl.set(easy, CURLOPT_NOPROXY, "*") }
        var lines = request.headers.map { "\($0.name): \($0.value)" }
        if request.method == .post {
            curl.setBody(easy, request.body)
            lines += request.headersWithoutContinue
        } else if request.method == .put {
            curl.set(easy, CURLOPT_CUSTOMREQUEST, "PUT")
            curl.setBody(easy, request.body)
            lines += request.headersWithoutContinue
        }
        if let signature = request.signature {
            curl.set(easy, CURLOPT_AWS_SIGV4, "aws:amz:\(signature.region):\(signature.service)")
            curl.set(easy, CURLOPT_USERNAME, signature.accessKeyId)
            curl.set(easy, CURLOPT_PASSWORD, signature.secretAccessKey)
            if let token = signature.sessionToken { lines.append("X-Amz-Security-Token: \(token)") }
        }
        headerList = curl.makeList(lines)
        curl.set(easy, CURLOPT_HTTPHEADER, pointer: headerList)
        let itself = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        curl.set(easy, CURLOPT_WRITEDATA, pointer: itself)
        let write: Curl.Write = { bytes, size, count, transfer in
            guard let bytes, let transfer else { return 0 }
            let chunk = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().receive(chunk)
                ? chunk.count : 0
        }
        curl.set(easy, CURLOPT_WRITEFUNCTION, callback: write)
        curl.set(easy, CURLOPT_HEADERDATA, pointer: itself)
        let header: Curl.Write = { bytes, size, count, transfer in
            guard let bytes, let transfer else { return 0 }
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue().receive(headerLine: line)
            return line.count
        }
        curl.set(easy, CURLOPT_HEADERFUNCTION, callback: header)
        return easy
    }

    private func receive(_ chunk: UnsafeRawBufferPointer) -> Bool {
        guard body.count + chunk.count <= request.maxResponseBytes else {
            overflowed = true
            return false
        }
        body.append(contentsOf: chunk)
        return true
    }

    private func receive(headerLine: UnsafeRawBufferPointer) {
        let line = String(decoding: headerLine, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            headers = [:]
        } else if let colon = line.firstIndex(of: ":"), headers.count < 200 {
            let value = line[line.index(after: colon)...].drop { $0.isWhitespace }
            headers[line[..<colon].lowercased()] = String(value.prefix { !$0.isNewline })
        }
    }

    /// Frees the handle and reports the outcome.
    func end(_ result: CURLcode) {
        let error = overflowed ? .tooLarge(limit: request.maxResponseBytes) : curl.error(result)
        if let error {
            end(.failure(error))
        } else if let easy {
            end(.success(HTTPResponse(status: curl.status(of: easy), headers: headers, body: body)))
        }
    }

    func end(_ outcome: Result<HTTPResponse, TransportError>) {
        if let easy { curl.free(easy) }
        easy = nil
        curl.free(headerList)
        headerList = nil
        finish(outcome)
    }
}

extension HTTPRequest {
    /// The header that prevents a wait for "100 Continue", which takes a second with servers that do not support it.
    ///
    /// A signed request has none: libcurl signs the header and then omits it, so that AWS refuses the signature. Without
    /// it libcurl waits for bodies above 1 MB only, which no call to AWS has.
    fileprivate var headersWithoutContinue: [String] { signature == nil ? ["Expect:"] : [] }
}
