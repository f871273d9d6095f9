/// A hash whose values are the same in all processes and versions. It is no protection against forged values.
package enum StableHash {
    /// FNV-1a with 64 bits. Source: draft-eastlake-fnv.
    package static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
