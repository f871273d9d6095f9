import Testing

/// Tests that keep the machine busy for a while: one after another, so that none makes another one wait too long.
@Suite("Heavy tests", .serialized)
enum HeavyTests {}
