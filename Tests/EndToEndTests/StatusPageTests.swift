import Domain
import Formats
import Foundation
import Storage
import TestSupport
import Testing

extension HeavyTests {
    /// The status page of a demonstration, behind a web server that is configured as documented.
    @Suite("The status page behind a web server") struct StatusPageTests {
        private static let password = "password-of-the-page"

        private let folder: TemporaryFolder
        private var environment: [String: String]

        init() async throws {
            folder = try TemporaryFolder()
            environment = [
                "AWS_PROVISIONER_DATABASE": folder.file("demo.sqlite")
            ]
            let made = try await Command.run(
                Paths.provisioner, ["demo", "--minutes", "13", "--database", folder.file("demo.sqlite")])
            try #require(made.status == 0, "\(made.errors)")
        }

        private func server(_ kind: String) throws -> Server {
            let variables = try JSONValue.object(environment.mapValues(JSONValue.string)).serialized()
            return try Server(
                "web_server.py",
                [kind, Paths.status, String(decoding: variables, as: UTF8.self), Self.password])
        }

        /// Returns the status and the body with curl.
        private func get(_ url: String, _ arguments: String...) async throws -> (status: String, body: String)
        {
            let answer = try await Command.run(
                "/usr/bin/curl", ["-sS", "-w", "\n%{http_code}", url] + arguments)
            let lines = answer.output.split(separator: "\n", omittingEmptySubsequences: false)
            return (String(lines.last ?? ""), lines.dropLast().joined(separator: "\n"))
        }

        @Test(
            "requires a password, and works for every split of the path",
            arguments: ["lighttpd", "nginx", "apache"])
        func configurations(kind: String) async throws {
            let server = try server(kind)
            let user = "operator:" + Self.password
            #expect(try await get(server.url + "/status/").status == "401")
            #expect(try await get(server.url + "/status/", "-u", "operator:wrong").status == "401")
            // No spelling of the path shows a page without the password.
            for odd in [
                "//status/", "/%73tatus/", "/x/../status/", "/status//", "/status/./metrics", "/STATUS/",
            ] {
                let page = try await get(server.url + odd, "--path-as-is")
                #expect(
                    page.status.hasPrefix("4") && !page.body.contains("test-linux"), "\(odd): \(page.status)")
            }
            for path in ["/status", "/status/"] {
                let page = try await get(server.url + path, "-u", user)
                #expect(page.status == "200")
                #expect(page.body.contains("href=\"/status/worker-type/test-linux\""))
            }
            #expect(
                try await get(server.url + "/status/worker-type/signing?hours=6", "-u", user).status == "200")
            #expect(try await get(server.url + "/status/worker-type/unknown", "-u", user).status == "404")
            #expect(try await get(server.url + "/status/?x=1", "-u", user).status == "400")
            #expect(try await get(server.url + "/status/", "-u", user, "-d", "x").status == "405")
            let head = try await get(server.url + "/status/", "-u", user, "-I")
            #expect(head.status == "200")
            #expect(head.body.lowercased().contains("content-security-policy: default-src 'none'"))
            #expect(!head.body.contains("<html"))
        }

        /// Opens pages and expects that axe and the policy of the page find nothing.
        ///
        /// - Parameter pages: path, color scheme and width of each.
        private func visit(_ pages: [(path: String, scheme: String, width: Int64)], of server: Server)
            async throws -> [JSONObject]
        {
            let base = server.url.replacing("http://", with: "http://operator:\(Self.password)@") + "/status"
            let results = try await Browser.visit(
                pages.map { page in
                    [
                        "url": .string(base + page.path), "scheme": .string(page.scheme),
                        "width": .integer(page.width), "height": 800, "mobile": .bool(page.width < 500),
                        "axe": .string(Browser.axe), "evaluate": .string(Self.findings),
                    ]
                })
            #expect(results.count == pages.count)
            for (index, result) in results.enumerated() {
                let axe = result["violations"]?.objectValue ?? [:]
                #expect(axe.texts("violations").isEmpty)
                #expect(axe.texts("passes").contains("color-contrast"))
                #expect(axe.texts("passes").count > 20)
                let complaints = result.texts("log").filter { !$0.contains("404") }
                #expect(complaints.isEmpty, "the browser blocked nothing")
                #expect(result.texts("requests").count == 1, "nothing but the page is asked for")
                let found = result["value"]?.objectValue ?? [:]
                #expect(found["fits"] == true, "\(index): nothing hangs over the edge")
                #expect(found["unnamed"] == 0, "each drawing has a title and a description")
                #expect(found["scripts"] == 0)
            }
            return results
        }

        @Test("passes axe without data")
        mutating func emptyPages() async throws {
            environment["AWS_PROVISIONER_DATABASE"] = folder.file("empty.sqlite")
            let made = try await Command.run(Paths.provisioner, ["init"], environment: environment)
            try #require(made.status == 0, "\(made.errors)")
            _ = try await visit(
                [
                    ("/", "light", 390), ("/", "dark", 1280), ("/costs", "light", 1280),
                    ("/costs", "dark", 390),
                ],
                of: try server("lighttpd"))
        }

        @Test("passes axe with pauses, limits, quotas and notifications that are not sent")
        func problems() async throws {
            let path = folder.file("demo.sqlite")
            let command = try await Command.run(
                Paths.provisioner,
                ["region", "pause", "us-east-1", "--reason", String(repeating: "long reason ", count: 80)]
                    + ["--database", path], environment: ["AWS_PROVISIONER_REGIONS": "us-east-1"])
            try #require(command.status == 0, "\(command.errors)")
            let database = try ProvisionerDatabase(
                path: path, key: try EncryptionKeyFile.read(at: path + ".key"))
            let now = Date()
            try database.notifications.record(
                ProblemLedger(), replacing: try database.notifications.ledger(),
                deliveries: [
                    NotificationDelivery(
                        ProblemNotification(testWithId: "n", provisionerId: "p", at: now),
                        to: NotificationRecipient(.webhook))
                ], now: now)
            try database.notifications.recordAttempt(
                "n", failure: String(repeating: "failure", count: 60), now: now)
            var summary = IterationSummary()
            summary.limits = [
                LimitUse(.capacity, limit: 10, used: 10),
                LimitUse(
                    .dailySpend, limit: 100, used: 85, nextHour: 5, reserved: 20, unpricedInstances: 1),
            ]
            summary.quotas = [
                QuotaUse(
                    quota: VCPUQuota(VCPUQuota.Subject(.spot, "us-east-1", .standard), vCPUs: 640), used: 512)
            ]
            let iteration = try database.iterations.begin(dryRun: false, now: now)
            try database.iterations.finish(iteration, outcome: .degraded, summary: summary, now: now)
            _ = try await visit(
                [
                    ("/", "light", 390), ("/", "dark", 1280), ("/worker-type/test-linux", "light", 390),
                    ("/guide", "light", 390), ("/guide", "dark", 1280), ("/?q=nothing", "light", 1280),
                ], of: try server("lighttpd"))
        }

        @Test(
            "passes axe and shows its content, in light and dark, wide and narrow, with a strict policy"
        )
        func pages() async throws {
            let results = try await visit(
                [
                    ("/", "light", 1280), ("/", "dark", 390), ("/worker-type/test-linux", "light", 390),
                    ("/worker-type/test-linux", "dark", 1280), ("/worker-type/unknown", "dark", 1280),
                    ("/costs", "light", 390), ("/costs?days=30", "dark", 1280),
                ], of: try server("lighttpd"))
            let overview = results[0]["value"]?.objectValue ?? [:]
            #expect(overview["background"] == "rgb(244, 246, 248)")
            #expect(results[1]["value"]?.objectValue?["background"] == "rgb(14, 18, 22)")
            #expect(overview["bars"] == 3)
            #expect((overview.number("barWidth") ?? 0) > 20, "the bar of what runs is drawn")
            let plots = results[3]["value"]?.objectValue ?? [:]
            #expect((plots.number("areas") ?? 0) == 3)
            #expect((plots.number("lines") ?? 0) >= 4)
            #expect((plots.number("plotHeight") ?? 0) > 100)
            #expect(results[4].number("status") == 404)
            #expect(results[6]["value"]?.objectValue?.number("areas") == 1, "the plot of costs is drawn")
        }

        /// The expected content of a page, and whether it is visible.
        private static let findings = """
            (() => {
                const all = selector => [...document.querySelectorAll(selector)];
                const drawn = all("svg[role=img]");
                const size = selector => {
                    const element = document.querySelector(selector);
                    return element ? element.getBoundingClientRect() : {width: 0, height: 0};
                };
                return {
                    fits: document.documentElement.scrollWidth <= innerWidth,
                    unnamed: drawn.filter(e => !e.querySelector("title")?.textContent
                        || !e.querySelector("desc")?.textContent).length,
                    scripts: document.scripts.length,
                    background: getComputedStyle(document.body).backgroundColor,
                    bars: all("svg.bar").length,
                    barWidth: Math.round(size("svg.bar rect.running").width),
                    areas: all(".plot path.running, .plot path.booting, .plot path.requested")
                        .filter(e => e.getTotalLength() > 0).length,
                    lines: all(".plot path.line").filter(e => e.getTotalLength() > 50).length,
                    plotHeight: Math.round(size(".plot svg").height),
                };
            })()
            """

        @Test("can be used with a keyboard: the first Tab skips the navigation, and the focus is visible")
        func keyboard() async throws {
            let server = try server("lighttpd")
            let url = server.url.replacing("http://", with: "http://operator:\(Self.password)@") + "/status/"
            let focus = """
                (() => {
                    const element = document.activeElement, style = getComputedStyle(element);
                    return [element.textContent || element.id, style.outlineStyle,
                        element.getBoundingClientRect().left >= 0];
                })()
                """
            let results = try await Browser.visit([
                ["url": .string(url), "keys": ["Tab"], "evaluate": .string(focus)],
                ["url": .string(url), "keys": ["Tab", "Enter", "Tab"], "evaluate": .string(focus)],
                [
                    "url": .string(url + "?q=test"),
                    "evaluate": """
                    (() => {
                        document.querySelector("select[name=show]").value = "waiting";
                        return [document.querySelectorAll("tbody th a").length,
                            new URLSearchParams(new FormData(document.querySelector("form"))).toString()];
                    })()
                    """,
                ],
            ])
            #expect(results[0]["value"] == ["Skip to content", "solid", true])
            #expect(
                results[1]["value"] == ["q", "solid", true], "after the skip the first thing is the filter")
            let inMain = """
                (() => {
                    const element = document.activeElement;
                    return [document.querySelector("main").contains(element), element.localName,
                        getComputedStyle(element).outlineStyle];
                })()
                """
            let pages = ["costs", "worker-type/test-linux"]
            for result in try await Browser.visit(
                pages.map {
                    [
                        "url": .string(url + $0), "keys": ["Tab", "Enter", "Tab"],
                        "evaluate": .string(inMain),
                    ]
                })
            {
                #expect(result["value"] == [true, "a", "solid"], "the first link of the content")
            }
            #expect(results[2]["value"]?.arrayValue?.first == 1, "one of three names holds the text")
            #expect(results[2]["value"]?.arrayValue?.last == "q=test&show=waiting&sort=name")
        }
    }
}
