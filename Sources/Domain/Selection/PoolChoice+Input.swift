extension PoolChoice {
    /// The input of a choice beside the worker type and the rules.
    package struct Input: Sendable {
        /// Capacity to gain; above zero.
        package var change: Int
        /// Capacity left below maxCapacity. It is exceeded only when every cover exceeds it (instances are whole), and
        /// then by less than the smallest instance that the worker type lists.
        package var headroom: Int
        package var book: PriceBook
        /// The platforms of the worker type's pools.
        package var platforms: PoolPlatforms
        /// The holds that apply to the worker type; nil for the holds of the book alone.
        package var holds: WorkerTypeHolds?
        package var interruptions: InterruptionRecord
        /// The capacity that the worker type has or has requested in each pool.
        package var holdings: [Pool: Int]
        /// The maximum number of bids, beside the submissions of the regions.
        package var mostBids: Int
        /// The seed of strategies that draw pools at random.
        package var seed: UInt64

        package init(
            change: Int, headroom: Int, book: PriceBook, platforms: PoolPlatforms = .linux,
            holds: WorkerTypeHolds? = nil,
            interruptions: InterruptionRecord = InterruptionRecord(),
            holdings: [Pool: Int] = [:], mostBids: Int = .max, seed: UInt64 = 0
        ) {
            self.change = change
            self.headroom = headroom
            self.book = book
            self.platforms = platforms
            self.holds = holds
            self.interruptions = interruptions
            self.holdings = holdings
            self.mostBids = mostBids
            self.seed = seed
        }
    }
}
