extension ProvisionerDatabase {
    public var workerTypes: WorkerTypeStore { WorkerTypeStore(database: self) }
    public var launches: LaunchStore { LaunchStore(database: self) }
    public var secrets: SecretStore { SecretStore(database: self) }
    public var iterations: IterationStore { IterationStore(database: self) }
    public var regions: RegionStore { RegionStore(database: self) }
    public var prices: PriceStore { PriceStore(database: self) }
    public var backOffs: BackOffStore { BackOffStore(database: self) }
    public var terminations: TerminationStore { TerminationStore(database: self) }
    public var interruptions: InterruptionStore { InterruptionStore(database: self) }
    public var notices: NoticeStore { NoticeStore(database: self) }
    public var history: HistoryStore { HistoryStore(database: self) }
    public var counters: CounterStore { CounterStore(database: self) }
    public var nonces: NonceStore { NonceStore(database: self) }
    public var audit: AuditStore { AuditStore(database: self) }
    public var clients: ClientStore { ClientStore(database: self) }
}
