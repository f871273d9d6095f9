package import Domain
package import FoundationEssentials
import GRDB

/// The images that definitions name, as EC2 described them, and the images to which SSM parameters refer.
package struct ImageStore: Sendable {
    let database: ProvisionerDatabase

    package func save(_ images: [KnownImage]) throws {
        try replace(
            "images (region, image_id, platform_details, failure, read_at, next_read)",
            rows: images.map { image in
                [
                    image.region, image.id, image.details?.text, image.failure, image.readAt.milliseconds,
                    image.nextRead.milliseconds,
                ]
            })
    }

    package func save(_ images: [ResolvedImage]) throws {
        try replace(
            "image_parameters (region, reference, image_id, failure, read_at, next_read)",
            rows: images.map { image in
                [
                    image.region, image.reference, image.imageId, image.failure, image.readAt.milliseconds,
                    image.nextRead.milliseconds,
                ]
            })
    }

    /// - Parameter columns: a table and its six columns, in the order of the values.
    private func replace(_ columns: String, rows: [StatementArguments]) throws {
        if rows.isEmpty { return }
        try database.write { db in
            let insert = try db.makeStatement(
                sql: "INSERT OR REPLACE INTO \(columns) VALUES (?, ?, ?, ?, ?, ?)")
            for row in rows { try insert.execute(arguments: row) }
        }
    }

    package func all() throws -> ImageCatalog {
        try database.read { db in
            var catalog = ImageCatalog(
                try Row.fetchAll(db, sql: "SELECT * FROM images").map { row in
                    let details: String? = row["platform_details"]
                    return KnownImage(
                        region: row["region"], id: row["image_id"],
                        details: details.map(PlatformDetails.init),
                        failure: row["failure"], readAt: Date(milliseconds: row["read_at"]),
                        nextRead: Date(milliseconds: row["next_read"]))
                })
            catalog.add(
                try Row.fetchAll(db, sql: "SELECT * FROM image_parameters").map { row in
                    ResolvedImage(
                        region: row["region"], reference: row["reference"], imageId: row["image_id"],
                        failure: row["failure"], readAt: Date(milliseconds: row["read_at"]),
                        nextRead: Date(milliseconds: row["next_read"]))
                })
            return catalog
        }
    }

    /// Removes the images that were not read since a time. An image in use is read again before.
    package func purge(readBefore limit: Date) throws {
        try database.write { db in
            for table in ["images", "image_parameters"] {
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE read_at < ?", arguments: [limit.milliseconds])
            }
        }
    }
}
