/// A definition to start from, with the meanings of its members.
struct ExampleDefinition {
    let region: String
    let image: String

    /// The definition in the API's JSON form.
    var text: String {
        """
        {
            "minCapacity": 0,
            "maxCapacity": 40,
            "scalingRatio": 0.1,
            "minPrice": 0,
            "maxPrice": 0.8,
            "canUseSpot": true,
            "canUseOndemand": false,
            "instanceTypes": [
                {"instanceType": "c5.4xlarge", "capacity": 1, "utility": 1, "launchSpec": {}, "userData": {}, "secrets": {}, "scopes": []},
                {"instanceType": "m5.4xlarge", "capacity": 1, "utility": 1.1, "launchSpec": {}, "userData": {}, "secrets": {}, "scopes": []}
            ],
            "regions": [
                {"region": "\(region)", "launchSpec": {"ImageId": "\(image)"}, "userData": {}, "secrets": {}, "scopes": []}
            ],
            "launchSpec": {"SecurityGroups": ["default"]},
            "userData": {},
            "secrets": {},
            "scopes": [],
            "description": "Builds for Linux",
            "owner": "builds@example.com"
        }

        """
    }

    /// The members of a definition, with the members of their elements.
    static let members: [(name: String, meaning: String)] = [
        ("minCapacity", "capacity that runs without pending tasks; default 0"),
        ("maxCapacity", "limit of the capacity; one unit of capacity runs one task"),
        (
            "scalingRatio",
            "pending tasks for each unit of running capacity that may wait: 0 buys for every task"
        ),
        ("minPrice", "least bid, USD an hour of effective price (spot price x utility)"),
        ("maxPrice", "highest bid, USD an hour of effective price"),
        ("canUseSpot", "whether spot instances are launched; default true"),
        ("canUseOndemand", "whether on-demand instances are launched without spot capacity; default false"),
        ("instanceTypes", "allowed instance types; more of them find cheaper and more available pools"),
        ("instanceTypes[].instanceType", "name of the type in EC2"),
        ("instanceTypes[].capacity", "tasks that an instance runs at the same time"),
        ("instanceTypes[].utility", "factor of the spot price that makes types comparable"),
        ("regions", "allowed regions, each with its image; the setting regions limits them"),
        ("regions[].region", "name of the region"),
        ("regions[].launchSpec.ImageId", "image whose worker reads its configuration from the user data"),
        ("availabilityZones", "launch specifications and user data of single zones; optional"),
        ("launchSpec", "launch specification of EC2; also in instance types, regions and zones"),
        ("userData", "configuration that the worker reads; also in instance types, regions and zones"),
        (
            "secrets",
            "values that a worker fetches once from the API; also in instance types, regions and zones"
        ),
        ("scopes", "scopes of the worker's credentials; also in instance types, regions and zones"),
        ("description", "text that the Queue shows to its users"),
        ("owner", "address of the responsible team"),
    ]
}
