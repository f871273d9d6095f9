extension ProvisionerDatabase {
    package var workerTypes: WorkerTypeStore { WorkerTypeStore(database: self) }
    package var launches: LaunchStore { LaunchStore(database: self) }
    package var secrets: SecretStore { SecretStore(database: self) }
    package var iterations: IterationStore { IterationStore(database: self) }
    package var regions: RegionStore { RegionStore(database: self) }
    package var images: ImageStore { ImageStore(database: self) }
    package var taskCounts: TaskCountsStore { TaskCountsStore(database: self) }
    package var demand: DemandStore { DemandStore(database: self) }
    package var prices: PriceStore { PriceStore(database: self) }
    package var holds: HoldStore { HoldStore(database: self) }
    package var pauses: PauseStore { PauseStore(database: self) }
    package var terminations: TerminationStore { TerminationStore(database: self) }
    package var interruptions: InterruptionStore { InterruptionStore(database: self) }
    package var notices: NoticeStore { NoticeStore(database: self) }
    package var history: HistoryStore { HistoryStore(database: self) }
    package var counters: CounterStore { CounterStore(database: self) }
    package var costs: CostStore { CostStore(database: self) }
    package var quotas: QuotaStore { QuotaStore(database: self) }
    package var spend: SpendStore { SpendStore(database: self) }
    package var nonces: NonceStore { NonceStore(database: self) }
    package var audit: AuditStore { AuditStore(database: self) }
    package var clients: ClientStore { ClientStore(database: self) }
}
