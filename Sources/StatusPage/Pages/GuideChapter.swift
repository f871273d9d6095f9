import Domain

/// What an operator does about a kind of problem that the pages show.
enum GuideChapter: String, CaseIterable {
    case iterations, calls, stopped, skipped, paused, limits, warnings, holds, definitions, terminations,
        notifications

    /// The chapter about a problem of a worker type.
    init(_ kind: Problem.Kind) {
        switch kind {
        case .stopped: self = .stopped
        case .skipped: self = .skipped
        case .paused: self = .paused
        case .warning: self = .warnings
        }
    }

    var title: String {
        switch self {
        case .iterations: "Late, failing, partial and degraded iterations"
        case .calls: "Failed calls and failing regions"
        case .stopped: "A stopped worker type"
        case .skipped: "A skipped worker type"
        case .paused: "Pauses"
        case .limits: "Limits over all worker types"
        case .warnings: "A warning of a worker type"
        case .holds: "Holds"
        case .definitions: "A definition that cannot be read"
        case .terminations: "An instance that does not terminate"
        case .notifications: "Notifications that are not sent"
        }
    }

    /// Steps in their order. Text between backquotes is code.
    var steps: [String] {
        switch self {
        case .iterations:
            [
                "late: no iteration has finished for three intervals. Check that cron or the timer runs: "
                    + "`systemctl status aws-provisioner.timer`, and read the log: `journalctl -u aws-provisioner`.",
                "failing: the last iteration could do nothing. `aws-provisioner doctor` names the cause.",
                "partial: some calls failed, and the rest was carried out. The failed calls are listed on the overview.",
                "degraded: all calls worked, and a worker type with pending tasks launches nothing. Its page names the "
                    + "reason.",
            ]
        case .calls:
            [
                "Run `aws-provisioner doctor`: it makes the same calls, and explains missing credentials and rights.",
                "A service that does not respond is tried again in each iteration. Nothing is launched in a region while "
                    + "it cannot be read.",
                "If the region is managed no more, and its instances have ended, run `aws-provisioner region forget REGION`.",
            ]
        case .stopped:
            [
                "Run `aws-provisioner explain WORKER-TYPE`: it names the refusal of EC2, or the workers that do not start.",
                "Correct the definition with `aws-provisioner worker-type edit WORKER-TYPE`, or the image, or the rights in "
                    + "AWS. A changed definition is tried at once.",
                "If the cause is outside of the definition, end the hold with "
                    + "`aws-provisioner hold clear --worker-type WORKER-TYPE`.",
            ]
        case .skipped:
            [
                "The Queue did not report the pending tasks, so that the iteration decided nothing for the worker type. The "
                    + "next iteration reads them again.",
                "If it lasts, run `aws-provisioner doctor`: it checks the URL of the Queue and the credentials.",
            ]
        case .paused:
            [
                "An operator paused a worker type, a region or an instance type: nothing new is launched there. Running "
                    + "instances go on.",
                "A pause ends at its time, or with `aws-provisioner worker-type resume WORKER-TYPE`, "
                    + "`aws-provisioner region resume REGION` or `aws-provisioner instance-type resume INSTANCE-TYPE`.",
            ]
        case .limits:
            [
                "At 80 % of a limit there is a warning, and at 100 % nothing is launched. Running instances go on.",
                "A part of each limit is kept for the minCapacity of worker types. Other launches use the rest.",
                "Set a higher limit in the configuration, such as `maxDailySpend`. `aws-provisioner costs` shows which "
                    + "worker types spend most.",
            ]
        case .warnings:
            [
                "Run `aws-provisioner explain WORKER-TYPE`: it shows each pool with its price and its refusal.",
                "More instance types and regions, or a higher maxPrice, give the worker type more pools.",
            ]
        case .holds:
            [
                "A hold ends by itself. Until then its subject is not tried, and other pools are used.",
                "A limit of the account: request a higher quota in the AWS console.",
                "After the cause is resolved, end the hold with `aws-provisioner hold clear SUBJECT`.",
            ]
        case .definitions:
            [
                "A newer version of the program, or another program, stored the definition. Its instances keep running.",
                "Install the version that stored it, or store the definition again with "
                    + "`aws-provisioner worker-type apply FILE`.",
            ]
        case .terminations:
            [
                "Each iteration requests the termination again. Check the instance in the AWS console: protection against "
                    + "termination prevents it.",
                "`aws-provisioner doctor` names a missing right to terminate instances.",
            ]
        case .notifications:
            [
                "Run `aws-provisioner notify test`: it sends a notification to each recipient, and names the failures.",
                "Correct the settings, or the service of the recipient. Iterations try to send a notification for an hour.",
            ]
        }
    }
}
