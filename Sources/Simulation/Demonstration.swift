package import Domain
package import FoundationEssentials

/// The little deployment that `demo` shows: its worker types, its market and its load, all made from one seed.
package enum Demonstration {
    package static let provisionerId = "demo-provisioner"
    package static let zones = [
        "us-east-1": ["us-east-1a", "us-east-1b", "us-east-1c"],
        "eu-central-1": ["eu-central-1a", "eu-central-1b"],
    ]
    /// Usual spot prices, US dollars an hour.
    static let prices = [
        "c5.xlarge": 0.07, "c5.2xlarge": 0.14, "c5.4xlarge": 0.28, "m5.2xlarge": 0.15, "m5.4xlarge": 0.31,
        "r5.xlarge": 0.09,
    ]

    /// Worker types in the API's form, by name.
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

    /// The simulated EC2, with pools small enough that some run out.
    package static func ec2(seed: UInt64, now: Date) -> SimulatedEC2 {
        let market = SpotMarket(zones: zones, prices: prices, room: 2...9, seed: seed, now: now)
        return SimulatedEC2(zones: zones, market: market, seed: seed &+ 1)
    }

    /// A push at the second minute, its tests once builds are done, another push later, a trickle all along.
    package static func tasks(seed: UInt64, start: Date) -> [SimulatedTask] {
        var random = SeededRandom(seed: seed &+ 2)
        var tasks: [SimulatedTask] = []
        func add(_ workerType: String, _ count: Int, minutes: ClosedRange<Double>, takes: ClosedRange<Double>)
        {
            for _ in 0..<count {
                let arrival = Double.random(in: minutes, using: &random) * 60
                let duration = Double.random(in: takes, using: &random) * 60
                tasks.append(
                    SimulatedTask(
                        workerType: workerType, arrival: start.addingTimeInterval(arrival), duration: duration
                    ))
            }
        }
        add("build-linux", 14, minutes: 1...2, takes: 6...14)
        add("test-linux", 45, minutes: 9...14, takes: 3...9)
        add("build-linux", 9, minutes: 15...16, takes: 6...12)
        add("test-linux", 20, minutes: 1...30, takes: 2...6)
        add("signing", 6, minutes: 4...28, takes: 1...2)
        return tasks
    }
}
