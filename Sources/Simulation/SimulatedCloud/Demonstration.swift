import Domain
package import Formats
package import FoundationEssentials

/// The deployment of `demo`: worker types, spot market and load, generated from one seed.
package enum Demonstration {
    package static let provisionerId = "aws-provisioner-v1"
    package static let zones = [
        "us-east-1": ["us-east-1a", "us-east-1b", "us-east-1c"],
        "eu-central-1": ["eu-central-1a", "eu-central-1b"],
    ]
    /// Mean spot prices, US dollars an hour.
    static let prices = [
        "c5.xlarge": 0.07, "c5.2xlarge": 0.14, "c5.4xlarge": 0.28, "m5.2xlarge": 0.15, "m5.4xlarge": 0.31,
        "r5.xlarge": 0.09,
    ]

    /// Worker types as documents of the API, by name.
    package static let workerTypes: [(name: String, document: JSONValue)] = [
        ("build-linux", workerType(max: 40, types: [("c5.4xlarge", 1, 1), ("m5.4xlarge", 1, 1.1)])),
        (
            "test-linux",
            workerType(max: 60, types: [("c5.xlarge", 1, 1), ("c5.2xlarge", 2, 1), ("m5.2xlarge", 2, 1.05)])
        ),
        ("signing", workerType(min: 1, max: 2, types: [("r5.xlarge", 1, 1), ("c5.xlarge", 1, 1)])),
    ]

    private static func workerType(
        min: Int64 = 0, max: Int64, types: [(name: String, capacity: Int64, utility: Double)]
    ) -> JSONValue {
        [
            "launchSpec": ["SecurityGroups": ["workers"]], "userData": ["cache": "/mnt/cache"],
            "secrets": [:], "scopes": [], "minCapacity": .integer(min), "maxCapacity": .integer(max),
            "scalingRatio": 0, "minPrice": 0, "maxPrice": 1.5, "canUseOndemand": false, "canUseSpot": true,
            "instanceTypes": .array(
                types.map { type in
                    [
                        "instanceType": .string(type.name), "capacity": .integer(type.capacity),
                        "utility": .number(type.utility), "launchSpec": [:], "userData": [:], "secrets": [:],
                        "scopes": [],
                    ]
                }),
            "regions": .array(
                zones.keys.sorted().map { region in
                    [
                        "region": .string(region), "launchSpec": ["ImageId": "ami-0d3a0f5e8b2c41976"],
                        "userData": [:], "secrets": [:], "scopes": [],
                    ]
                }),
            "description": "A worker type of the demonstration", "owner": "demo@example.com",
        ]
    }

    /// The simulated EC2. Its pools are small, so that launches are refused for lack of capacity.
    package static func ec2(seed: UInt64, now: Date) -> SimulatedEC2 {
        let market = SpotMarket(zones: zones, prices: prices, capacity: 2...9, seed: seed, now: now)
        return SimulatedEC2(zones: zones, market: market, seed: seed &+ 1)
    }

    /// The load: a push at the second minute and its tests, a second push, and single tasks all the time.
    package static func tasks(seed: UInt64, start: Date) -> [SimulatedTask] {
        var random = SeededRandom(seed: seed &+ 2)
        var tasks: [SimulatedTask] = []
        func add(
            _ workerType: String, _ count: Int, minutes: ClosedRange<Double>,
            duration durations: ClosedRange<Double>
        ) {
            for _ in 0..<count {
                let arrival = Double.random(in: minutes, using: &random) * 60
                let duration = Double.random(in: durations, using: &random) * 60
                tasks.append(
                    SimulatedTask(
                        workerType: workerType, arrival: start.addingTimeInterval(arrival), duration: duration
                    ))
            }
        }
        add("build-linux", 14, minutes: 1...2, duration: 6...14)
        add("test-linux", 45, minutes: 9...14, duration: 3...9)
        add("build-linux", 9, minutes: 15...16, duration: 6...12)
        add("test-linux", 20, minutes: 1...30, duration: 2...6)
        add("signing", 6, minutes: 4...28, duration: 1...2)
        return tasks
    }
}
