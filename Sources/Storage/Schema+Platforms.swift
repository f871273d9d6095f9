extension Schema {
    /// The platforms of images, and prices by platform. Rows of earlier versions are those of Linux/UNIX.
    static let platforms = """
        -- The images that definitions name, as EC2 described them. `platform_details` is NULL if EC2 did not.
        CREATE TABLE images (
            region TEXT NOT NULL, image_id TEXT NOT NULL, platform_details TEXT, failure TEXT,
            read_at INTEGER NOT NULL, next_read INTEGER NOT NULL, PRIMARY KEY (region, image_id)
        ) WITHOUT ROWID;

        ALTER TABLE launches ADD COLUMN platform TEXT NOT NULL DEFAULT 'linux';
        ALTER TABLE price_fetches ADD COLUMN platforms TEXT NOT NULL DEFAULT '["linux"]';

        ALTER TABLE prices RENAME TO old_prices;
        CREATE TABLE prices (
            region TEXT NOT NULL, instance_type TEXT NOT NULL, availability_zone TEXT NOT NULL,
            platform TEXT NOT NULL, price INTEGER NOT NULL, since INTEGER NOT NULL,
            PRIMARY KEY (region, instance_type, availability_zone, platform)
        ) WITHOUT ROWID;
        INSERT INTO prices
            SELECT region, instance_type, availability_zone, 'linux', price, since FROM old_prices;
        DROP TABLE old_prices;

        ALTER TABLE price_history RENAME TO old_price_history;
        CREATE TABLE price_history (
            region TEXT NOT NULL, instance_type TEXT NOT NULL, availability_zone TEXT NOT NULL,
            platform TEXT NOT NULL, at INTEGER NOT NULL, price INTEGER NOT NULL,
            PRIMARY KEY (region, instance_type, availability_zone, platform, at)
        ) WITHOUT ROWID;
        INSERT INTO price_history
            SELECT region, instance_type, availability_zone, 'linux', at, price FROM old_price_history;
        DROP TABLE old_price_history;
        CREATE INDEX price_history_by_time ON price_history (at);
        """

    static let imageParameters = """
        -- The images to which SSM parameters refer. `image_id` is NULL if the parameter was never read.
        CREATE TABLE image_parameters (
            region TEXT NOT NULL, reference TEXT NOT NULL, image_id TEXT, failure TEXT, read_at INTEGER NOT NULL,
            next_read INTEGER NOT NULL, PRIMARY KEY (region, reference)
        ) WITHOUT ROWID;
        """
}
