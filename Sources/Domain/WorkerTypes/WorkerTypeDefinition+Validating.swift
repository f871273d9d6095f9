package import Formats

extension WorkerTypeDefinition {
    static let requiredKeys = [
        "launchSpec", "userData", "secrets", "scopes", "maxCapacity", "scalingRatio", "minPrice", "maxPrice",
        "instanceTypes", "regions", "description", "owner",
    ]
    static let optionalKeys = ["minCapacity", "canUseOndemand", "canUseSpot", "availabilityZones"]

    /// Validates a document. The error contains all problems.
    package init(validating document: JSONValue) throws(WorkerTypeProblems) {
        try Self.checkSize(document)
        try Self.refuseFirstForm(document)
        let reader = try DocumentReader(
            document: document, allowed: Set(Self.requiredKeys + Self.optionalKeys))
        self.init(reading: reader)
        // Violations of rules between members would mislead in a document that violates the schema.
        if reader.notes.problems.isEmpty {
            checkRules(reader.notes)
        } else {
            LaunchSpecification.checkLayers(of: self, reader.notes)
        }
        try reader.notes.check()
    }

    /// Reads a definition that was validated when it was stored: only its structure is checked.
    package init(stored document: JSONValue) throws(WorkerTypeProblems) {
        let reader = try DocumentReader(
            document: document, allowed: Set(Self.requiredKeys + Self.optionalKeys), strictness: .structure)
        self.init(reading: reader)
        try reader.notes.check()
    }

    private init(reading reader: DocumentReader) {
        let notes = reader.notes
        self.init(
            launchSpec: reader.object("launchSpec"), userData: reader.object("userData"),
            secrets: reader.object("secrets"), scopes: reader.scopes("scopes"),
            minCapacity: reader.count("minCapacity", least: 0, optional: true),
            maxCapacity: reader.count("maxCapacity", least: 0), scalingRatio: reader.number("scalingRatio"),
            minPrice: reader.number("minPrice"), maxPrice: reader.number("maxPrice"),
            canUseOndemand: reader.bool("canUseOndemand", default: false),
            canUseSpot: reader.bool("canUseSpot", default: true),
            instanceTypes: reader.list("instanceTypes", atLeastOne: true) { object, path in
                InstanceTypeConfiguration(reading: object, path: path, notes: notes)
            },
            regions: reader.list("regions", atLeastOne: true) { object, path in
                RegionConfiguration(reading: object, path: path, notes: notes)
            },
            availabilityZones: reader.list("availabilityZones", optional: true) { object, path in
                AvailabilityZoneConfiguration(reading: object, path: path, notes: notes)
            },
            description: reader.string("description", atMost: DocumentLimits.descriptionLength),
            owner: reader.string("owner", atMost: DocumentLimits.ownerLength))
    }

    /// Throws if the definition is too deep or too large: stored values may have replaced placeholders of secrets.
    package func checkSize() throws(WorkerTypeProblems) { try Self.checkSize(json) }

    /// Throws if a document is too deep or too large, before other checks.
    private static func checkSize(_ document: JSONValue) throws(WorkerTypeProblems) {
        let notes = ProblemCollector()
        let depth = document.depth
        if depth > DocumentLimits.depth {
            notes.note(
                .rule, "", "has \(depth) levels of nesting; at most \(DocumentLimits.depth) are allowed")
        }
        try notes.check()
        let size = document.serializedSize
        if size > DocumentLimits.definitionSize {
            notes.note(
                .rule, "",
                "has \(size) bytes of JSON; at most \(DocumentLimits.definitionSize) are allowed")
        }
        try notes.check()
    }

    private func checkRules(_ notes: ProblemCollector) {
        if minCapacity > maxCapacity {
            notes.note(.rule, "minCapacity", "\(minCapacity) is above maxCapacity \(maxCapacity)")
        }
        if minPrice > maxPrice { notes.note(.rule, "minPrice", "\(minPrice) is above maxPrice \(maxPrice)") }
        if !canUseSpot && !canUseOndemand {
            notes.note(
                .rule, "canUseSpot", "must be true when canUseOndemand is not: nothing could be launched")
        }
        noteRepeats(instanceTypes.map(\.instanceType), "instanceTypes", "instanceType", notes)
        noteRepeats(regions.map(\.region), "regions", "region", notes)
        noteRepeats(availabilityZones.map(\.availabilityZone), "availabilityZones", "availabilityZone", notes)
        guard poolCount <= DocumentLimits.pools else {
            return notes.note(
                .rule, "",
                "regions, availabilityZones and instanceTypes make \(poolCount) pools; at most "
                    + "\(DocumentLimits.pools) are allowed")
        }
        LaunchSpecification.check(self, notes)
    }

    private func noteRepeats(_ names: [String], _ list: String, _ key: String, _ notes: ProblemCollector) {
        var seen: Set<String> = []
        for (index, name) in names.enumerated() where !seen.insert(name).inserted {
            notes.note(.rule, "\(list)[\(index)].\(key)", "\(name) appears more than once")
        }
    }
}

extension InstanceTypeConfiguration {
    init(reading object: JSONObject, path: String, notes: ProblemCollector) {
        let reader = DocumentReader(
            object, path: path,
            allowed: ["instanceType", "capacity", "utility", "launchSpec", "secrets", "userData", "scopes"],
            notes: notes)
        self.init(
            instanceType: reader.name("instanceType", separators: ".-"),
            capacity: reader.count("capacity", least: 1),
            utility: reader.number("utility", aboveZero: true), launchSpec: reader.object("launchSpec"),
            userData: reader.object("userData"), secrets: reader.object("secrets"),
            scopes: reader.scopes("scopes"))
    }
}

extension RegionConfiguration {
    init(reading object: JSONObject, path: String, notes: ProblemCollector) {
        let reader = DocumentReader(
            object, path: path, allowed: ["region", "launchSpec", "secrets", "userData", "scopes"],
            notes: notes)
        self.init(
            region: reader.name("region", separators: "-"), launchSpec: reader.object("launchSpec"),
            userData: reader.object("userData"), secrets: reader.object("secrets"),
            scopes: reader.scopes("scopes"))
        if let spec = object["launchSpec"]?.objectValue, spec["ImageId"]?.stringValue == nil {
            notes.noteValue(
                .schema, "\(path).launchSpec.ImageId",
                spec["ImageId"] == nil ? "is required" : "must be a string")
        }
    }
}

extension AvailabilityZoneConfiguration {
    init(reading object: JSONObject, path: String, notes: ProblemCollector) {
        let reader = DocumentReader(
            object, path: path, allowed: ["region", "availabilityZone", "launchSpec", "secrets", "userData"],
            notes: notes)
        self.init(
            region: reader.name("region", separators: "-"),
            availabilityZone: reader.name("availabilityZone", separators: "-"),
            launchSpec: reader.object("launchSpec"), userData: reader.object("userData", optional: true),
            secrets: reader.object("secrets", optional: true))
    }
}
