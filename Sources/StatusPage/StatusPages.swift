package import CGI
package import Domain
import Formats
package import FoundationEssentials
package import Reporting
import Storage

/// The pages: reads the data of each, and responds to requests.
package struct StatusPages: Sendable {
    /// The data of the pages.
    package struct Source: Sendable {
        /// Reads the overview, with the given seconds of history.
        package let overview: @Sendable (TimeInterval) throws -> Overview
        /// Reads the overview, terminations and interruptions from one state of the database.
        package let overviewWithTerminations:
            @Sendable (TimeInterval) throws -> (Overview, TerminationOverview)
        /// Reads a worker type with the given seconds of history; nil when there is no worker type of this name.
        package let workerType: @Sendable (String, TimeInterval) throws -> WorkerTypeDetail?
        /// Reads what was billed since a time.
        package let costs: @Sendable (_ since: Date) throws -> CostRecord
        /// Reads the metrics. Returns them with their content type.
        package let metrics: @Sendable () throws -> (text: String, contentType: String)

        package init(
            overview: @escaping @Sendable (TimeInterval) throws -> Overview,
            overviewWithTerminations:
                @escaping @Sendable (TimeInterval) throws -> (Overview, TerminationOverview),
            workerType: @escaping @Sendable (String, TimeInterval) throws -> WorkerTypeDetail?,
            costs: @escaping @Sendable (Date) throws -> CostRecord,
            metrics: @escaping @Sendable () throws -> (text: String, contentType: String)
        ) {
            self.overview = overview
            self.overviewWithTerminations = overviewWithTerminations
            self.workerType = workerType
            self.costs = costs
            self.metrics = metrics
        }
    }

    private let source: Source
    private let provisionerId: String
    private let interval: TimeInterval
    private let metadataTokens: MetadataTokens
    private let now: Date
    private let log: @Sendable (String) -> Void

    /// - Parameters:
    ///   - interval: seconds between iterations.
    ///   - metadataTokens: the setting of the deployment.
    ///   - log: receives the details of errors, which only the operator may read.
    package init(
        _ source: Source, provisionerId: String, interval: TimeInterval,
        metadataTokens: MetadataTokens = .account, now: Date, log: @escaping @Sendable (String) -> Void
    ) {
        self.source = source
        self.provisionerId = provisionerId
        self.interval = interval
        self.metadataTokens = metadataTokens
        self.now = now
        self.log = log
    }

    package func respond(_ request: PageRequest) -> CGIResponse {
        let layout = Layout(provisionerId: provisionerId, links: request.links, now: now)
        do {
            return try response(to: request, layout)
        } catch {
            return ErrorPage(layout: layout, error: pageError(error)).response
        }
    }

    /// The response while the settings are invalid. The log contains the reason.
    package static func misconfigured(_ request: PageRequest, now: Date) -> CGIResponse {
        let error = PageError(
            status: 500, title: "The settings are invalid",
            message: "The error log of the web server contains the reason.")
        let layout = Layout(provisionerId: "aws-provisioner", links: request.links, now: now)
        return ErrorPage(layout: layout, error: error).response
    }

    /// The response to a request that reaches a limit of time. It is prepared for every request, so it is plain text.
    package static var timedOut: CGIResponse {
        SecureResponse.text(
            "The page took too long. Load it again.\n", contentType: "text/plain; charset=utf-8", status: 503)
    }

    private func response(to request: PageRequest, _ layout: Layout) throws -> CGIResponse {
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let page: () throws -> CGIResponse
        switch (parts.count, parts.first ?? "") {
        case (0, _), (1, ""): page = { try overview(request, layout) }
        case (1, "metrics"): page = { try metrics(request) }
        case (1, "costs"): page = { try costs(request, layout) }
        case (1, "guide"): page = { try guide(request, layout) }
        case (2, "worker-type"): page = { try workerType(String(parts.last ?? ""), request, layout) }
        default: throw PageError.notFound("No page has this address.")
        }
        guard ["GET", "HEAD"].contains(request.method) else {
            throw PageError(
                status: 405, title: "Method not allowed",
                message: "The pages permit GET and HEAD only.",
                headers: [("Allow", "GET, HEAD")])
        }
        return try page()
    }

    private func overview(_ request: PageRequest, _ layout: Layout) throws -> CGIResponse {
        let filter = try WorkerTypeFilter(request)
        let (overview, terminations) = try source.overviewWithTerminations(OverviewPage.window)
        let page = OverviewPage(
            layout: layout, overview: overview, endings: terminations, filter: filter, interval: interval,
            metadataTokens: metadataTokens)
        return SecureResponse.html(page.markup, refresh: filter.refresh)
    }

    private func workerType(_ name: String, _ request: PageRequest, _ layout: Layout) throws -> CGIResponse {
        let given = try request.parameters(["hours", "refresh"])
        let refresh = try RefreshParameter.seconds(given)
        let hours = given["hours"].map { Int($0) ?? -1 } ?? 24
        guard WorkerTypePage.windows.contains(hours) else {
            let windows = WorkerTypePage.windows.map(String.init).joined(separator: ", ")
            throw PageError.badRequest("hours must be one of \(windows).")
        }
        guard WorkerType.isValidName(name), let detail = try source.workerType(name, Double(hours) * 3600)
        else {
            throw PageError.notFound("No worker type has this name.")
        }
        let page = WorkerTypePage(layout: layout, detail: detail, hours: hours)
        return SecureResponse.html(page.markup, refresh: refresh)
    }

    private func costs(_ request: PageRequest, _ layout: Layout) throws -> CGIResponse {
        let given = try request.parameters(["days"])
        let days = given["days"].map { Int($0) ?? -1 } ?? 1
        guard CostPage.windows.contains(days) else {
            let windows = CostPage.windows.map(String.init).joined(separator: ", ")
            throw PageError.badRequest("days must be one of \(windows).")
        }
        let record = try source.costs(now.addingTimeInterval(-Double(days) * 86_400))
        return SecureResponse.html(
            CostPage(layout: layout, record: record, days: days).markup, refresh: nil)
    }

    private func guide(_ request: PageRequest, _ layout: Layout) throws -> CGIResponse {
        _ = try request.parameters([])
        return SecureResponse.html(GuidePage(layout: layout).markup)
    }

    private func metrics(_ request: PageRequest) throws -> CGIResponse {
        _ = try request.parameters([])
        let (text, type) = try source.metrics()
        return SecureResponse.text(text, contentType: type)
    }

    private func pageError(_ error: any Error) -> PageError {
        switch error {
        case let error as PageError: return error
        case StorageError.busy:
            return unavailable("The database is busy. Load the page again.")
        case StorageError.missing:
            log("\(error)")
            return unavailable("There is no database yet. `aws-provisioner init` creates it.")
        case StorageError.olderSchema:
            log("\(error)")
            return unavailable(
                "The database is of an older version. `aws-provisioner migrate` or the next iteration brings it up to date."
            )
        default:
            log("\(error)")
            return PageError(
                status: 500, title: "The database cannot be read",
                message: "The error log of the web server contains the reason.")
        }
    }

    private func unavailable(_ message: String) -> PageError {
        PageError(
            status: 503, title: "Not available", message: message, headers: [("Retry-After", "10")])
    }
}
