import Domain
import Formats
import Foundation
import Platform
import TestSupport
import Testing

@Suite("The limits of a CGI program")
struct RequestLimitTests {
    /// A program that waits for the body of its request. It is killed with the value.
    private final class WaitingProgram {
        let process: pid_t
        private let input = Pipe()

        init(_ program: String, _ environment: [String: String]) throws {
            let variables = environment.merging([
                "REQUEST_METHOD": "PUT", "PATH_INFO": "/v1/worker-type/x", "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": "100", "HTTP_PROXY": "http://proxy.invalid",
            ]) { $1 }
            var start = ProcessLauncher([program], environment: variables)
            start.input = .descriptor(input.fileHandleForReading.fileDescriptor)
            (start.output, start.errors) = (.none, .none)
            process = try start.start()
        }

        deinit {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }

        func text(_ file: String) -> String {
            (try? String(contentsOfFile: "/proc/\(process)/\(file)", encoding: .utf8)) ?? ""
        }

        /// Whether one of its threads is in the system call `read`, number 0, of standard input.
        var isWaiting: Bool {
            let threads =
                (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
            return threads.contains { text("task/\($0)/syscall").hasPrefix("0 0x0 ") }
        }
    }

    @Test(
        "apply while it waits for a body, and its user cannot read its memory",
        arguments: [Paths.api, Paths.status])
    func limits(program: String) async throws {
        let deployment = try await Deployment()
        let waiting = try WaitingProgram(program, deployment.cgiEnvironment)
        #expect(await eventually { waiting.isWaiting })
        let limits = waiting.text("limits").split(separator: "\n").map { line in
            line.split(separator: "  ", omittingEmptySubsequences: true).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
        func limit(_ name: String) -> [String] {
            limits.first { $0[0] == name }.map { Array($0[1...2]) } ?? []
        }
        #expect(limit("Max cpu time") == ["10", "11"])
        #expect(limit("Max address space") == ["1073741824", "1073741824"])
        #expect(limit("Max core file size") == ["0", "0"])
        // The kernel assigns the /proc files of a process that is not dumpable to root.
        if geteuid() != 0 {
            #expect(waiting.text("environ").isEmpty)
        }
        // SIGALRM (14) and SIGXCPU (24) have handlers.
        let caught = try #require(
            waiting.text("status").firstMatch(of: /SigCgt:\s*([0-9a-f]+)/).flatMap { UInt64($0.1, radix: 16) }
        )
        #expect(caught & (1 << 13) != 0 && caught & (1 << 23) != 0)
    }

    @Test(
        "A process of the same user cannot read its memory or environment",
        .enabled(if: geteuid() == 0, "needs root, to start it as another user"),
        arguments: [Paths.api, Paths.status])
    func dumpable(program: String) async throws {
        let deployment = try await Deployment()
        for name in ["", ".key"] { chown(deployment.folder.file("provisioner.sqlite" + name), 54321, 54321) }
        chown(deployment.folder.path, 54321, 54321)
        let waiting = try WaitingProgram(program, deployment.cgiEnvironment)
        #expect(await eventually { waiting.isWaiting })
        #expect(
            waiting.text("status").contains(/Uid:\t54321\t54321\t54321\t54321/), "it dropped root's rights")
        let owner = try FileManager.default.attributesOfItem(atPath: "/proc/\(waiting.process)/environ")
        #expect(owner[.ownerAccountID] as? Int == 0)
    }

    @Test("A request that exceeds the time limit gets the documented 503", arguments: [SIGALRM, SIGXCPU])
    func response(signal: Int32) async throws {
        let deployment = try await Deployment()
        let python = """
            import os, signal, socket, subprocess, sys, time
            here, there = socket.socketpair()
            here.sendall(b"{")
            program = subprocess.Popen([sys.argv[1]], stdin=there, stdout=there, stderr=subprocess.PIPE)
            there.close()
            end = time.monotonic() + 30
            while time.monotonic() < end:
                with open("/proc/%d/status" % program.pid) as status:
                    caught = int(status.read().split("SigCgt:")[1].split()[0], 16)
                    if caught & 1 << 13 and "S (sleeping)" in open("/proc/%d/status" % program.pid).read(): break
            program.send_signal(int(sys.argv[2]))
            print(here.makefile("rb").read().decode())
            print(program.wait(), program.stderr.read().decode())
            """
        let ended = try await Command.run(
            Paths.python, ["-c", python, Paths.api, "\(signal)"],
            environment: deployment.cgiEnvironment.merging([
                "REQUEST_METHOD": "PUT", "PATH_INFO": "/v1/worker-type/x", "CONTENT_TYPE": "application/json",
                "CONTENT_LENGTH": "100",
            ]) { $1 })
        #expect(
            ended.output.hasPrefix("Status: 503 Service Unavailable\r\n"), "\(ended.output)\(ended.errors)")
        #expect(ended.output.contains("Retry-After: 5\r\n"))
        #expect(ended.output.contains("X-Content-Type-Options: nosniff\r\n"))
        #expect(
            ended.output.contains("\"code\": \"ServiceUnavailable\"")
                || ended.output.contains("\"code\":\"ServiceUnavailable\""))
        #expect(
            ended.output.contains("0 aws-provisioner-api: the request reached its time limit and was ended\n")
        )
    }
}
