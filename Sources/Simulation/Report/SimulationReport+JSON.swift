import Domain
package import Formats

extension SimulationReport {
    /// All figures as a JSON object. Member names include the unit.
    package var json: JSONValue {
        func number(_ value: Double, _ decimals: Int) -> JSONValue {
            .number(Double(value.formatted(decimals: decimals)) ?? value)
        }
        return [
            "policy": .string(policy),
            "tasks": .integer(Int64(tasks)),
            "unfinishedTasks": .integer(Int64(unfinished)),
            "taskHours": number(taskHours, 3),
            "costUsd": number(cost, 6),
            "costPerTaskHourUsd": number(costPerTaskHour, 6),
            "waitSeconds": [
                "median": number(waiting.median, 3),
                "percentile95": number(waiting.percentile95, 3),
                "max": number(waiting.longest, 3),
            ],
            "idleShare": number(idleShare, 6),
            "bootShare": number(bootShare, 6),
            "lostShare": number(lostShare, 6),
            "lostTaskHours": number(lostTaskHours, 3),
            "launches": .integer(Int64(launches)),
            "refusedLaunches": .integer(Int64(refusals)),
            "interruptions": .integer(Int64(interruptions)),
            "ec2Calls": .integer(Int64(ec2Calls)),
            "queueCalls": .integer(Int64(queueCalls)),
            "hindsight": [
                "boundUsd": number(bound, 6),
                "aboveBound": number(gap, 6),
                "wholeBoundUsd": number(wholeBound, 6),
                "aboveWholeBound": number(wholeGap, 6),
                "workBoundUsd": number(workBound, 6),
                "aboveWorkBound": number(workGap, 6),
                "sameFleetUsd": number(sameFleetCost, 6),
                "aboveSameFleet": number(purchaseGap, 6),
            ],
            "pools": .array(
                pools.map { share in
                    [
                        "region": .string(share.pool.region),
                        "zone": .string(share.pool.availabilityZone),
                        "instanceType": .string(share.pool.instanceType),
                        "instanceCount": .integer(Int64(share.instances)),
                        "costUsd": number(share.cost, 6),
                    ]
                }),
        ]
    }
}
