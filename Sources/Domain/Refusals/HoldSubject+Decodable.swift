extension HoldSubject: Decodable {
    private enum Property: CodingKey {
        case workerType, market, region, zone, subnet, instanceType, quotaClass
    }

    /// Also reads the form of earlier versions: a case of an enumeration.
    package init(from decoder: any Decoder) throws {
        if let earlier = try EarlierForm(decoder)?.subject {
            self = earlier
            return
        }
        let container = try decoder.container(keyedBy: Property.self)
        self.init(
            workerType: try container.decodeIfPresent(String.self, forKey: .workerType),
            market: try container.decodeIfPresent(Market.self, forKey: .market),
            region: try container.decodeIfPresent(String.self, forKey: .region),
            zone: try container.decodeIfPresent(String.self, forKey: .zone),
            subnet: try container.decodeIfPresent(String.self, forKey: .subnet),
            instanceType: try container.decodeIfPresent(String.self, forKey: .instanceType),
            quotaClass: try container.decodeIfPresent(QuotaClass.self, forKey: .quotaClass))
    }

    /// `{"pool": {"_0": {...}}}`, or another case with its associated values.
    private struct EarlierForm {
        private enum Case: String, CodingKey {
            case pool, onDemandPool, zone, region, regionSpot, regionOnDemand, workerType
        }

        private enum Value: String, CodingKey {
            case first = "_0"
            case region, zone
        }

        let subject: HoldSubject

        /// Creates nil for the present form.
        init?(_ decoder: any Decoder) throws {
            guard let container = try? decoder.container(keyedBy: Case.self), container.allKeys.count == 1,
                let name = container.allKeys.first,
                let values = try? container.nestedContainer(keyedBy: Value.self, forKey: name)
            else { return nil }
            func text(_ key: Value = .first) throws -> String { try values.decode(String.self, forKey: key) }
            subject =
                switch name {
                case .pool: .pool(try values.decode(Pool.self, forKey: .first), .spot)
                case .onDemandPool: .pool(try values.decode(Pool.self, forKey: .first), .onDemand)
                case .zone: HoldSubject(region: try text(.region), zone: try text(.zone))
                case .region: .region(try text())
                case .regionSpot: HoldSubject(market: .spot, region: try text())
                case .regionOnDemand: HoldSubject(market: .onDemand, region: try text())
                case .workerType: .workerType(try text())
                }
        }
    }
}
