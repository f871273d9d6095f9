extension LaunchSpecificationSchema {
    /// The members of a launch specification, and the unsupported members with the reason. Together these are the
    /// parameters of RunInstances, under the names of RequestSpotInstances where the two differ.
    static let launchSpecification: LaunchSpecificationSchema = .object(
        original.merging(added, uniquingKeysWith: { first, _ in first })
            .merging(notForWorkers, uniquingKeysWith: { first, _ in first }))

    /// The members of the original service, which both actions support.
    private static let original: [String: LaunchSpecificationSchema] = [
        "ImageId": .nonEmptyString, "KeyName": .nonEmptyString, "SecurityGroups": .list(.nonEmptyString),
        "SecurityGroupIds": .list(.nonEmptyString), "AddressingType": .choice(["public", "private"]),
        "BlockDeviceMappings": .list(blockDevice), "EbsOptimized": .bool,
        "IamInstanceProfile": .object(["Arn": .nonEmptyString, "Name": .nonEmptyString]),
        "KernelId": .nonEmptyString,
        "MonitoringEnabled": .bool, "NetworkInterfaces": .list(networkInterface), "Placement": placement,
        "RamdiskId": .nonEmptyString, "SubnetId": .nonEmptyString,
    ]

    /// Later members, which only RunInstances supports.
    private static let added: [String: LaunchSpecificationSchema] = [
        "TagSpecifications": .list(tags),
        "MetadataOptions": .runInstances(
            .object([
                "HttpTokens": .choice(["optional", "required"]), "HttpPutResponseHopLimit": .integer,
                "HttpEndpoint": .choice(["disabled", "enabled"]),
                "HttpProtocolIpv6": .choice(["disabled", "enabled"]),
                "InstanceMetadataTags": .choice(["disabled", "enabled"]),
            ])),
        "LaunchTemplate": .runInstances(
            .object([
                "LaunchTemplateId": .nonEmptyString, "LaunchTemplateName": .nonEmptyString,
                "Version": .nonEmptyString,
            ])),
        "CreditSpecification": .runInstances(
            .object(["CpuCredits": .nonEmptyString], required: ["CpuCredits"])),
        "CpuOptions": .runInstances(
            .object([
                "CoreCount": .integer, "ThreadsPerCore": .integer,
                "AmdSevSnp": .choice(["enabled", "disabled"]),
                "NestedVirtualization": .choice(["enabled", "disabled"]),
            ])),
        "CapacityReservationSpecification": .runInstances(
            .object([
                "CapacityReservationPreference": .choice(["capacity-reservations-only", "open", "none"]),
                "CapacityReservationTarget": .object([
                    "CapacityReservationId": .nonEmptyString,
                    "CapacityReservationResourceGroupArn": .nonEmptyString,
                ]),
            ])),
        "EnclaveOptions": .runInstances(.object(["Enabled": .bool])),
        "MaintenanceOptions": .runInstances(.object(["AutoRecovery": .choice(["disabled", "default"])])),
        "NetworkPerformanceOptions": .runInstances(
            .object(["BandwidthWeighting": .choice(["default", "vpc-1", "ebs-1"])])),
        "PrivateDnsNameOptions": .runInstances(
            .object([
                "HostnameType": .choice(["ip-name", "resource-name"]), "EnableResourceNameDnsARecord": .bool,
                "EnableResourceNameDnsAAAARecord": .bool,
            ])),
        "LicenseSpecifications": .runInstances(
            .list(
                .object(["LicenseConfigurationArn": .nonEmptyString], required: ["LicenseConfigurationArn"]))),
        "Ipv6AddressCount": .runInstances(.integer), "EnablePrimaryIpv6": .runInstances(.bool),
        "InstanceInitiatedShutdownBehavior": .constant(
            "terminate",
            "workers shut themselves down, and a stopped instance runs no tasks and costs money"),
    ]

    /// Parameters of RunInstances that a launch specification cannot have.
    private static let notForWorkers: [String: LaunchSpecificationSchema] = [
        "InstanceType": .unsupported("is set from instanceTypes[].instanceType"),
        "UserData": .unsupported("is generated; put your data into userData"),
        "Monitoring": .unsupported("is written MonitoringEnabled"),
        "InstanceMarketOptions": .unsupported("is set from canUseSpot, canUseOndemand and the bid"),
        "MinCount": .unsupported("is set for each launch"),
        "MaxCount": .unsupported("is set for each launch"),
        "ClientToken": .unsupported("is set for each launch"),
        "DryRun": .unsupported("is set for each launch"),
        "DisableApiTermination": .unsupported("would keep the provisioner from terminating the instance"),
        "DisableApiStop": .unsupported("has no use: workers are terminated, never stopped"),
        "HibernationOptions": .unsupported("has no use: workers are terminated, never hibernated"),
        "PrivateIpAddress": .unsupported(
            "belongs to one instance; name it in NetworkInterfaces if there is one"),
        "Ipv6Addresses": .unsupported(
            "belong to one instance; name them in NetworkInterfaces if there is one"),
        "SecondaryInterfaces": .unsupported("is not supported; use NetworkInterfaces"),
        "Operator": .unsupported("is for AWS's own services"),
        "AdditionalInfo": .unsupported("is for AWS's own use"),
        "ElasticGpuSpecification": .unsupported("was withdrawn by AWS"),
        "ElasticInferenceAccelerators": .unsupported("was withdrawn by AWS"),
    ]

    private static let blockDevice: LaunchSpecificationSchema = .object(
        [
            "DeviceName": .nonEmptyString, "VirtualName": .nonEmptyString, "NoDevice": .string,
            "Ebs": .object([
                "DeleteOnTermination": .bool, "Encrypted": .bool, "Iops": .integer,
                "KmsKeyId": .nonEmptyString,
                "SnapshotId": .nonEmptyString, "Throughput": .integer, "VolumeInitializationRate": .integer,
                // Not a choice: EC2 adds volume types.
                "VolumeSize": .integer, "VolumeType": .nonEmptyString, "OutpostArn": .nonEmptyString,
                "EbsCardIndex": .integer,
                "AvailabilityZone": .unsupported("is that of the instance"),
                "AvailabilityZoneId": .unsupported("is that of the instance"),
            ]),
        ], required: ["DeviceName"])

    private static let networkInterface: LaunchSpecificationSchema = .object(
        [
            "AssociateCarrierIpAddress": .bool, "AssociatePublicIpAddress": .bool,
            "ConnectionTrackingSpecification": .object([
                "TcpEstablishedTimeout": .integer, "UdpStreamTimeout": .integer, "UdpTimeout": .integer,
            ]),
            "DeleteOnTermination": .bool, "Description": .string, "DeviceIndex": .integer,
            "EnaQueueCount": .integer,
            "EnaSrdSpecification": .object([
                "EnaSrdEnabled": .bool, "EnaSrdUdpSpecification": .object(["EnaSrdUdpEnabled": .bool]),
            ]),
            "Groups": .list(.nonEmptyString), "InterfaceType": .nonEmptyString, "Ipv4PrefixCount": .integer,
            "Ipv4Prefixes": .list(.object(["Ipv4Prefix": .nonEmptyString])), "Ipv6AddressCount": .integer,
            "Ipv6Addresses": .list(.object(["Ipv6Address": .nonEmptyString, "IsPrimaryIpv6": .bool])),
            "Ipv6PrefixCount": .integer, "Ipv6Prefixes": .list(.object(["Ipv6Prefix": .nonEmptyString])),
            "NetworkCardIndex": .integer, "NetworkInterfaceId": .nonEmptyString, "PrimaryIpv6": .bool,
            "PrivateIpAddress": .nonEmptyString,
            "PrivateIpAddresses": .list(.object(["Primary": .bool, "PrivateIpAddress": .nonEmptyString])),
            "SecondaryPrivateIpAddressCount": .integer, "SubnetId": .nonEmptyString,
        ], required: ["DeviceIndex"])

    private static let placement: LaunchSpecificationSchema = .object([
        // Replaced by the zone of the pool.
        "AvailabilityZone": .nonEmptyString,
        "AvailabilityZoneId": .unsupported("is that of the pool; name zones in availabilityZones"),
        "GroupName": .nonEmptyString, "Tenancy": .choice(["default", "dedicated", "host"]),
        "Affinity": .runInstances(.nonEmptyString), "GroupId": .runInstances(.nonEmptyString),
        "HostId": .runInstances(.nonEmptyString),
        "HostResourceGroupArn": .runInstances(.nonEmptyString), "PartitionNumber": .runInstances(.integer),
        "SpreadDomain": .runInstances(.nonEmptyString),
    ])

    private static let tags: LaunchSpecificationSchema = .object(
        [
            "ResourceType": .choice(LaunchSpecification.taggedResources),
            "Tags": .list(.object(["Key": .nonEmptyString, "Value": .string], required: ["Key"])),
        ], required: ["ResourceType"])
}

extension LaunchSpecification {
    /// The resource types that a launch can tag.
    static let taggedResources = ["instance", "volume", "network-interface", "spot-instances-request"]
}
