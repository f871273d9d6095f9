import Domain
import FoundationEssentials
import Glibc
import Simulation
import TestSupport

/// The worker types of a soak, their load, and the market that they buy in.
struct SoakFleet: Sendable {
    /// The condition of a worker type for the whole soak.
    enum Condition: Hashable, Sendable {
        /// Its load varies, and its pools lack capacity at times only.
        case ordinary
        /// Its load exceeds the quota of the account for this instance type.
        case atQuota(instanceType: String)
        /// Its load exceeds what the pools of this instance type give: a few instances in ten minutes.
        case scarce(instanceType: String)
        /// Its image exists in no region.
        case missingImage
        /// Its image does not exist in the cheapest region.
        case missingImageInOneRegion
        /// Its instances never check in.
        case neverCheckingIn

        /// Whether the worker type could serve its load.
        var isHealthy: Bool { self != .missingImage && self != .neverCheckingIn }
    }

    struct Member: Sendable {
        let name: String
        let condition: Condition
        let definition: WorkerTypeDefinition
        /// The name of the supply that the worker type competes for: its own name, or a limited instance type.
        let supply: String
    }

    static let zones = [
        "eu-central-1": ["eu-central-1a", "eu-central-1b"],
        "us-east-1": ["us-east-1a", "us-east-1b", "us-east-1c"],
        "us-west-2": ["us-west-2a", "us-west-2b", "us-west-2c"],
    ]
    /// The region without the image of `missingImageInOneRegion`.
    static let incompleteRegion = "us-east-1"
    /// The region of the scarce types and of the types at their quota.
    static let limitedRegion = "us-west-2"
    private static let ordinaryTypes = [
        "c5.xlarge": 0.07, "c5.2xlarge": 0.13, "m5.xlarge": 0.08, "m5.2xlarge": 0.15, "r5.xlarge": 0.09,
    ]
    private static let scarceTypes = ["i3.xlarge", "i3.2xlarge", "d2.xlarge", "z1d.xlarge", "r4.xlarge"]
    /// One type of each quota class.
    private static let quotaTypes = ["g4dn.xlarge", "p3.2xlarge", "f1.2xlarge", "x1e.xlarge", "inf1.xlarge"]
    private static let capacities = ["c5.2xlarge": 2, "m5.2xlarge": 2]

    let members: [Member]
    private let seed: UInt64

    init(workerTypes count: Int, seed: UInt64) {
        self.seed = seed
        var random = SeededRandom(seed: seed)
        members = (0..<count).map { index in
            let condition = Self.condition(index)
            let types: [String]
            let supply: String
            var regions = zones(condition)
            switch condition {
            case .atQuota(let type), .scarce(let type):
                types = [type]
                supply = type
            default:
                types = Array(Self.ordinaryTypes.keys.sorted().shuffled(using: &random).prefix(3))
                supply = ""
                if condition == .ordinary, random.fraction() < 0.3 { regions.removeLast() }
            }
            let name = "soak-\(index)"
            return Member(
                name: name, condition: condition,
                definition: .sample(
                    maxCapacity: condition == .ordinary ? Int.random(in: 8...40, using: &random) : 200,
                    types: types.map { ($0, Self.capacities[$0] ?? 1, 1) }, regions: regions),
                supply: supply.isEmpty ? name : supply)
        }
        func zones(_ condition: Condition) -> [String] {
            switch condition {
            case .atQuota, .scarce: [Self.limitedRegion]
            default: Self.zones.keys.sorted().reversed()
            }
        }
    }

    /// A twentieth of the worker types has each of the conditions besides `ordinary`.
    private static func condition(_ index: Int) -> Condition {
        switch index % 20 {
        case 0: .atQuota(instanceType: quotaTypes[index / 20 % quotaTypes.count])
        case 1: .scarce(instanceType: scarceTypes[index / 20 % scarceTypes.count])
        case 2: .missingImage
        case 3: .missingImageInOneRegion
        case 4: .neverCheckingIn
        default: .ordinary
        }
    }

    func ec2(now: Date) -> SimulatedEC2 {
        let limited = Dictionary(uniqueKeysWithValues: (Self.scarceTypes + Self.quotaTypes).map { ($0, 0.2) })
        let market = SpotMarket(
            zones: Self.zones, prices: Self.ordinaryTypes.merging(limited) { first, _ in first },
            capacity: 60...120, seed: seed, now: now)
        return SimulatedEC2(zones: Self.zones, market: market, seed: seed &+ 1)
    }

    /// The tasks of all worker types.
    func tasks(start: Date, minutes: Int) -> [SimulatedTask] {
        members.enumerated().flatMap { index, member in
            var random = SeededRandom(seed: seed &+ 100 &+ UInt64(index))
            return tasks(of: member, start: start, minutes: minutes, using: &random)
        }
    }

    private func tasks(
        of member: Member, start: Date, minutes: Int, using random: inout SeededRandom
    ) -> [SimulatedTask] {
        var tasks: [SimulatedTask] = []
        func add(at minute: Double, minutes duration: Double) {
            tasks.append(
                SimulatedTask(
                    workerType: member.name, arrival: start.plus(minutes: minute), duration: duration * 60))
        }
        /// Adds tasks at random times, a number of them an hour.
        func addSteadily(_ perHour: Double, minutes durations: ClosedRange<Double>) {
            var minute = 0.0
            while true {
                minute += -60 / perHour * log(1 - random.fraction())
                guard minute < Double(minutes) else { return }
                add(at: minute, minutes: Double.random(in: durations, using: &random))
            }
        }
        switch member.condition {
        case .atQuota: addSteadily(60, minutes: 20...25)
        case .scarce: addSteadily(90, minutes: 20...25)
        case .missingImage, .neverCheckingIn: addSteadily(2, minutes: 5...10)
        case .ordinary, .missingImageInOneRegion:
            addSteadily(6, minutes: 3...20)
            // Pushes, which need many workers at once.
            for minute in stride(from: 0, to: minutes, by: 180) {
                let arrival = Double(minute) + 180 * random.fraction()
                for _ in 0..<Int.random(in: 5...15, using: &random) {
                    add(at: arrival, minutes: Double.random(in: 5...15, using: &random))
                }
            }
        }
        return tasks
    }
}
