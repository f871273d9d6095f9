// Runs a soak and prints its figures with their bounds. Exits with 1 if a bound does not hold.
//
//     soak-program [--days N] [--seed S] [--worker-types N]

import FoundationEssentials
import Glibc
import SoakTesting
import TestSupport

var values = ["--days": 7.0, "--seed": 1, "--worker-types": 100]
var arguments = Array(CommandLine.arguments.dropFirst())
while let name = arguments.first {
    guard values[name] != nil, let value = arguments.dropFirst().first.flatMap(Double.init), value >= 0 else {
        print("usage: soak [--days N] [--seed S] [--worker-types N]")
        exit(64)
    }
    values[name] = value
    arguments.removeFirst(2)
}
let folder = try TemporaryFolder()
let report = try await Soak(
    minutes: Int((values["--days"] ?? 0) * 1440), workerTypes: Int(values["--worker-types"] ?? 0),
    seed: UInt64(values["--seed"] ?? 0)
).run(in: folder.path) { line in
    print(line)
    fflush(nil)
}
print(report.text)
exit(report.failures.isEmpty ? 0 : 1)
