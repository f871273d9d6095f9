/// How long ago something was, as a person says it.
package func age(seconds: Double) -> String {
    switch max(0, seconds) {
    case ..<120: "\(Int(max(0, seconds))) s ago"
    case ..<7200: "\(Int(seconds / 60)) min ago"
    case ..<172_800: "\(Int(seconds / 3600)) h ago"
    default: "\(Int(min(seconds / 86_400, 1e6))) days ago"
    }
}
