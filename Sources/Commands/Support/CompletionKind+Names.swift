import ArgumentParser
import Configuration
import Domain
import Storage

extension CompletionKind {
    /// The names of the worker types in the database.
    static var workerTypes: CompletionKind { names { database, _ in try database.workerTypes.names() } }

    /// The ids of the clients in the database.
    static var clients: CompletionKind {
        names { database, _ in try database.clients.list().map(\.clientId) }
    }

    /// The ids of the instances that the last iteration read.
    static var instances: CompletionKind {
        names { database, _ in try database.regions.all().values.flatMap(\.instances).map(\.id).sorted() }
    }

    /// The subjects of the holds in the database.
    static var holds: CompletionKind {
        names { database, _ in try database.holds.all().map(\.subject.name).sorted() }
    }

    /// The pools whose price is known.
    static var pools: CompletionKind {
        names { database, _ in Set(try database.prices.all().map { "\($0.pool)" }).sorted() }
    }

    /// The managed regions, and the others with open launches.
    static var regions: CompletionKind {
        names { database, settings in
            try RegionLine.all(in: database, managed: settings.regions).map(\.region)
        }
    }

    /// The instance types of the worker types, and the paused ones.
    static var instanceTypes: CompletionKind {
        names { database, _ in
            let paused = try database.pauses.all().map(\.subject).filter { $0.kind == .instanceType }
            return Set(try database.workerTypes.countsByInstanceType().keys).union(paused.map(\.name))
                .sorted()
        }
    }

    /// Names in the database that the command line or the settings name. Empty without a database.
    private static func names(
        _ read: @escaping @Sendable (ProvisionerDatabase, Settings) throws -> [String]
    ) -> CompletionKind {
        .custom { words, _, _ in
            let deployment = try? DeploymentContext.ofThisProcess(
                config: value(of: "--config", in: words), database: value(of: "--database", in: words))
            return (try? deployment.map { try read($0.openDatabase(.readOnly), $0.settings) }) ?? []
        }
    }

    /// The value of an option in the words of an incomplete command line.
    static func value(of option: String, in words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            if word == option, index + 1 < words.count { return words[index + 1] }
            if word.hasPrefix(option + "=") { return String(word.dropFirst(option.count + 1)) }
        }
        return nil
    }
}
