import Domain

/// Every metric of a deployment: its name, its type and what it says, in one table.
package enum Metric: String, CaseIterable, Sendable {
    case pendingTasks = "aws_provisioner_pending_tasks"
    case claimedTasks = "aws_provisioner_claimed_tasks"
    case capacity = "aws_provisioner_capacity"
    case minCapacity = "aws_provisioner_min_capacity"
    case maxCapacity = "aws_provisioner_max_capacity"
    case problems = "aws_provisioner_problems"
    case decisionTime = "aws_provisioner_decision_timestamp_seconds"
    case spend = "aws_provisioner_spend_usd_per_hour"
    case dayCost = "aws_provisioner_day_cost_usd"
    case limit = "aws_provisioner_limit"
    case limitUse = "aws_provisioner_limit_use"
    case unpricedInstances = "aws_provisioner_unpriced_instances"
    case spotPrice = "aws_provisioner_spot_price_usd_per_hour"
    case instances = "aws_provisioner_instances"
    case regionReadTime = "aws_provisioner_region_read_timestamp_seconds"
    case priceFetchTime = "aws_provisioner_price_fetch_timestamp_seconds"
    case failingRegions = "aws_provisioner_failing_regions"
    case failingCalls = "aws_provisioner_failing_calls"
    case holds = "aws_provisioner_back_offs"
    case pauses = "aws_provisioner_paused"
    case iterations = "aws_provisioner_iterations_total"
    case iterationStart = "aws_provisioner_last_iteration_start_timestamp_seconds"
    case iterationEnd = "aws_provisioner_last_iteration_end_timestamp_seconds"
    case iterationDuration = "aws_provisioner_last_iteration_duration_seconds"
    case success = "aws_provisioner_last_success_timestamp_seconds"
    case launches = "aws_provisioner_launches_total"
    case launchFailures = "aws_provisioner_launch_failures_total"
    case interruptions = "aws_provisioner_interruptions_total"
    case terminations = "aws_provisioner_terminations_total"
    case cancellations = "aws_provisioner_cancellations_total"
    case notifications = "aws_provisioner_notifications_total"

    /// The names of Prometheus's exposition format.
    package enum Kind: String, Sendable { case gauge, counter }

    package var kind: Kind { rawValue.hasSuffix("_total") ? .counter : .gauge }

    package var help: String {
        switch self {
        case .pendingTasks: "Pending tasks of a worker type, as of the last iteration."
        case .claimedTasks: "Claimed tasks of a worker type, where the Queue reports them."
        case .capacity: "Tasks that a worker type can run at once, by state: running, booting or requested."
        case .minCapacity: "Minimum capacity of a worker type, by its schedule as of the last iteration."
        case .maxCapacity: "Maximum capacity of a worker type, by its schedule as of the last iteration."
        case .problems: "Problems of the last decision for a worker type."
        case .decisionTime: "Time of the last decision for a worker type. Seconds since 1970."
        case .spend: "Cost of the instances of a worker type at the last fetched spot prices."
        case .dayCost: "Cost of the instances of a worker type in the last 24 hours."
        case .limit: "Limits over all worker types, by setting: capacity, instances or US dollars."
        case .limitUse: "What counts against a limit over all worker types, as of the last iteration."
        case .unpricedInstances: "Instances without a known price, which the spend does not include."
        case .spotPrice: "The spot price of each pool that has instances, by platform."
        case .instances: "Instances that EC2 shows, by region and state."
        case .regionReadTime: "When the instances of a region were read last. Seconds since 1970."
        case .priceFetchTime: "When the prices of a region were fetched last. Seconds since 1970."
        case .failingRegions: "Regions whose instances the last iteration could not read."
        case .failingCalls: "Calls that failed in the last iteration, by subject."
        case .holds: "Active holds, by subject."
        case .pauses: "Pauses in force, by subject."
        case .iterations: "Iterations that ended, by outcome, without dry runs."
        case .iterationStart: "When the last iteration that ended began. Seconds since 1970."
        case .iterationEnd: "When the last iteration ended. Seconds since 1970."
        case .iterationDuration: "Duration of the last iteration."
        case .success: "End of the last successful iteration. Seconds since 1970."
        case .launches: "Launches that were asked of EC2."
        case .launchFailures: "Launches that EC2 refused or never showed, by its error code."
        case .interruptions: "Spot instances that EC2 interrupted."
        case .terminations: "Instances that the provisioner terminated, by reason."
        case .cancellations: "Spot requests that the provisioner cancelled, by reason."
        case .notifications: "Attempts to send a notification, by result: sent, failed or expired."
        }
    }
}
