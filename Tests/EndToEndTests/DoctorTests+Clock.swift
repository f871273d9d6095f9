import Domain
import Formats
import Foundation
import TestSupport
import Testing

extension DoctorTests {
    @Test("names a clock that differs from that of EC2, which iterate and status show as well")
    func clock() async throws {
        var deployment = try await Deployment()
        #expect(try await checks(deployment, expecting: 0)["clock"]?.0 == "ok")
        deployment.environment["LD_PRELOAD"] = Paths.movedClock
        // With more than five minutes, iterations launch nothing.
        deployment.environment["CLOCK_OFFSET"] = "-190"
        let slow = try await checks(deployment, expecting: 78)
        #expect(slow["clock"]?.0 == "failed")
        #expect(slow["clock"]?.1.hasPrefix("this machine's clock is 3 minutes behind") == true)
        _ = try await deployment.iterate()
        let status = try await deployment.run("status").output
        #expect(status.contains("this machine's clock is 3 minutes behind"))
        let fault = "{\"us-east-1\": {\"kind\": \"code:AuthFailure\", \"action\": \"Describe\"}}"
        try await deployment.ec2.control("{\"fault\": \(fault)}")
        let refused = try await checks(deployment, expecting: 78)
        #expect(
            refused["region us-east-1"]?.1.contains("AuthFailure: this machine's clock is 3 minutes behind.")
                == true)
    }
}
