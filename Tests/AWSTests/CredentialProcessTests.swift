import Dispatch
import Foundation
import Platform
import TestSupport
import Testing

@testable import AWS

@Suite("A credential_process")
struct CredentialProcessTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The environment of a profile whose credential_process is this shell script.
    private func environment(_ script: String) throws -> [String: String] {
        let program = try folder.write("#!/bin/sh\n" + script + "\n", to: "a program")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
        return [
            "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "AWS_REGION": "us-east-1",
            // The program must not get these: a header of a request, a secret of the deployment, another variable.
            "HTTP_PROXY": "http://proxy.invalid", "http_proxy": "http://proxy.invalid",
            "AWS_PROVISIONER_ENCRYPTION_KEY": "planted", "TASKCLUSTER_ACCESS_TOKEN": "planted",
            "LD_PRELOAD": "", "VARIABLE": "of the environment",
            "AWS_CONFIG_FILE": try folder.write(
                "[default]\ncredential_process = \"\(program)\" first 'second one'\n", to: "config"),
            "AWS_SHARED_CREDENTIALS_FILE": folder.file("none"),
        ]
    }

    @Test("inherits only the standard streams, and has default signal dispositions and an empty mask")
    func startsClean() async throws {
        // dup makes a descriptor that children inherit.
        let ours = dup(STDERR_FILENO)
        defer { close(ours) }
        let ignoring = signal(SIGPIPE, SIG_IGN)
        defer { signal(SIGPIPE, ignoring) }
        let output = try await ProgramOutput.of(
            ["sh", "-c", "ls /proc/$$/fd; exec grep -E 'Sig(Blk|Ign)' /proc/self/status"],
            environment: ["PATH": "/usr/bin:/bin"], timeout: 30, limit: 10_000)
        let words = String(decoding: output, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        #expect(words.count == 7 && words.prefix(3) == ["0", "1", "2"])
        // The C library uses the signals above 31.
        let masks = words.dropFirst(3).compactMap { UInt64($0, radix: 16) }
        #expect(masks.map { $0 & 0x7fff_ffff } == [0, 0])
    }

    @Test("gets its arguments and the variables that it needs, and provides credentials with an expiration")
    func works() async throws {
        let environment = try environment(
            #"""
            { echo "$0|$1|$2"; env | cut -d= -f1 | grep -vxE "_|PWD|SHLVL|OLDPWD" | sort; } > "$(dirname "$0")/called"
            echo noise >&2
            echo '{"Version": 1, "AccessKeyId": "id", "SecretAccessKey": "s", "SessionToken": "t",
                "Expiration": "2099-01-01T00:00:00+00:00"}'
            """#)
        let found = try await resolve(environment, cacheFile: folder.file("cache"))
        #expect(found.accessKeyId == "id")
        #expect(found.expiration == Date(timeIntervalSince1970: 4_070_908_800))
        let called = try String(contentsOfFile: folder.file("called"), encoding: .utf8)
        #expect(
            called.split(separator: "\n") == [
                "\(folder.path)/a program|first|second one", "AWS_CONFIG_FILE", "AWS_EC2_METADATA_DISABLED",
                "AWS_REGION", "AWS_SHARED_CREDENTIALS_FILE", "HOME", "LANG", "PATH",
            ])
        try FileManager.default.removeItem(atPath: folder.file("called"))
        #expect(try await resolve(environment, cacheFile: folder.file("cache")) == found)
        #expect(!FileManager.default.fileExists(atPath: folder.file("called")), "kept until they end")
    }

    @Test(
        "that fails is an error with the reason and without its output",
        arguments: [
            ("echo planted; exit 3", "exit code 3; run it by hand to see why"), ("kill -9 $$", "signal 9"),
            (
                "echo >&2; echo 'no session for role 7' >&2; echo planted >&2; exit 3",
                "exit code 3: no session for role 7"
            ),
            (
                "echo \"bad token plantedAKIA1234567890AB for $2, key x\" >&2; exit 1",
                "exit code 1: bad token [redacted] for [redacted], key x"
            ),
            ("yes noise | head -c 300000 >&2; echo reason; exit 2", "exit code 2"),
            ("printf '\\033[31mred' >&2; kill -9 $$", "signal 9 ended it: \\u{1b}[31mred"),
            ("echo planted", "did not print a JSON object"),
            (#"echo '{"Version": 2, "AccessKeyId": "planted"}'"#, #"did not print "Version": 1"#),
            (#"echo '{"Version": 1, "SecretAccessKey": "planted"}'"#, "lacks AccessKeyId"),
            (
                #"echo '{"Version": 1, "AccessKeyId": "i", "SecretAccessKey": "planted", "Expiration": "x"}'"#,
                "not an ISO 8601 time"
            ),
            (
                #"echo '{"Version": 1, "AccessKeyId": "i", "SecretAccessKey": "planted", "Expiration": "2020-01-01T00:00:00Z"}'"#,
                "the credentials expired"
            ),
            ("yes planted", "more than 1048576 bytes"),
        ])
    func fails(script: String, reason: String) async throws {
        let error = try #require(await refusal(try environment(script)))
        #expect(error.description.contains(reason), "\(error)")
        #expect(error.source == "the credential_process of the profile default")
        #expect(!error.description.contains("planted"))
    }

    @Test("that does not exist is an error")
    func missing() async throws {
        let config = try folder.write("[default]\ncredential_process = /no/such/program\n", to: "config")
        let error = await refusal(["AWS_CONFIG_FILE": config])
        #expect(error?.description.contains("/no/such/program: it cannot be started") == true)
    }

    @Test("is killed at the timeout, with the processes that it started")
    func hangs() async throws {
        let file = folder.file("pids")
        let script = "sleep 600 & echo $! $$ > \(file).new; mv \(file).new \(file); wait"
        await #expect(throws: ProgramOutput.Failure.self) {
            try await ProgramOutput.of(
                ["/bin/sh", "-c", script], environment: [:], timeout: 1, limit: 100)
        }
        let pids = try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isWhitespace)
            .compactMap { pid_t($0) }
        #expect(pids.count == 2)
        for pid in pids {
            #expect(await eventually { kill(pid, 0) != 0 || isZombie(pid) }, "\(pid) lives")
        }
    }

    @Test("that leaves a process with its standard output does not hold the caller beyond the timeout")
    func leavesProcess() async throws {
        let file = folder.file("pid")
        let script = "sleep 600 & echo $! > \(file).new; mv \(file).new \(file)"
        // The end of the program may count as the end of its output.
        let output = try? await ProgramOutput.of(
            ["/bin/sh", "-c", script], environment: [:], timeout: 1, limit: 100)
        #expect(output?.isEmpty != false)
        let text = try String(contentsOfFile: file, encoding: .utf8)
        kill(try #require(pid_t(text.filter { $0 != "\n" })), SIGKILL)
    }

    /// Whether the process has ended and its new parent has not reaped it yet.
    private func isZombie(_ pid: pid_t) -> Bool {
        let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        return status?.contains(") Z ") ?? true
    }

    @Test("is split into arguments by the quoting rules of a shell")
    func words() {
        #expect(CommandLineWords.split("a  b\tc") == ["a", "b", "c"])
        #expect(
            CommandLineWords.split(#"'a b' "c d" e\ f g"h"'i'"#) == ["a b", "c d", "e f", "ghi"])
        #expect(
            CommandLineWords.split(#""a\"b" "c\\d" "e\f" 'g\h'"#) == [
                #"a"b"#, #"c\d"#, #"e\f"#, #"g\h"#,
            ])
        #expect(CommandLineWords.split(#"a '' b"#) == ["a", "", "b"])
        #expect(CommandLineWords.split("  ") == [])
        for open in ["'a", "\"a", "a\\"] { #expect(CommandLineWords.split(open) == nil, "\(open)") }
    }
}
