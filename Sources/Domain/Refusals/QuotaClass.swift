/// The instance types that share one vCPU quota of the account, per market and region.
///
/// Source: Amazon EC2 User Guide, "Amazon EC2 instance type quotas" and "Spot Instance quotas".
package enum QuotaClass: String, Hashable, Codable, Sendable, CaseIterable {
    case standard = "Standard"
    case f = "F"
    case g = "G and VT"
    case p = "P"
    case x = "X"
    case inf = "Inf"
    case trn = "Trn"
    case dl = "DL"
    case hpc = "HPC"
    case highMemory = "High Memory"
    case mac = "Mac"

    /// The class of an instance type, by the letters before its generation: `g` of `g5.xlarge`. Unknown families are in
    /// the standard class.
    package init(instanceType: String) {
        switch instanceType.prefix(while: \.isLetter) {
        case "f": self = .f
        case "g", "gr", "vt": self = .g
        case "p": self = .p
        case "x": self = .x
        case "inf": self = .inf
        case "trn": self = .trn
        case "dl": self = .dl
        case "hpc": self = .hpc
        // u-6tb1.metal, u7i-12tb.224xlarge
        case "u": self = .highMemory
        case "mac": self = .mac
        default: self = .standard
        }
    }
}
