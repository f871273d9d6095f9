extension LaunchSpecificationSchema {
    /// Every key that a launch specification may have, and those that it may not have with the reason: together all
    /// that RunInstances takes, under the names of the original's RequestSpotInstances where the two differ.
    static let launchSpecification: LaunchSpecificationSchema = .object(
        original.merging(added, uniquingKeysWith: { first, _ in first })
            .merging(notForWorkers, uniquingKeysWith: { first, _ in first }))

    /// The keys of the original's launch specification, which both actions know.
    private static let original: [String: LaunchSpecificationSchema] = [
        "ImageId": .string, "KeyName": .string, "SecurityGroups": .list(.string),
        "SecurityGroupIds": .list(.string), "AddressingType": .choice(["public", "private"]),
        "BlockDeviceMappings": .list(blockDevice), "EbsOptimized": .bool,
        "IamInstanceProfile": .object(["Arn": .string, "Name": .string]), "KernelId": .string,
        "MonitoringEnabled": .bool, "NetworkInterfaces": .list(networkInterface), "Placement": placement,
        "RamdiskId": .string, "SubnetId": .string,
    ]

    /// What EC2 has added since, for RunInstances alone.
    private static let added: [String: LaunchSpecificationSchema] = [
        "TagSpecifications": .list(tags),
        "MetadataOptions": .runInstances(
            .object([
                "HttpTokens": .choice(["optional", "required"]), "HttpPutResponseHopLimit": .whole,
                "HttpEndpoint": .choice(["disabled", "enabled"]),
                "HttpProtocolIpv6": .choice(["disabled", "enabled"]),
                "InstanceMetadataTags": .choice(["disabled", "enabled"]),
            ])),
        "LaunchTemplate": .runInstances(
            .object(["LaunchTemplateId": .string, "LaunchTemplateName": .string, "Version": .string])),
        "CreditSpecification": .runInstances(.object(["CpuCredits": .string], required: ["CpuCredits"])),
        "CpuOptions": .runInstances(
            .object([
                "CoreCount": .whole, "ThreadsPerCore": .whole, "AmdSevSnp": .choice(["enabled", "disabled"]),
                "NestedVirtualization": .choice(["enabled", "disabled"]),
            ])),
        "CapacityReservationSpecification": .runInstances(
            .object([
                "CapacityReservationPreference": .choice(["capacity-reservations-only", "open", "none"]),
                "CapacityReservationTarget": .object([
                    "CapacityReservationId": .string, "CapacityReservationResourceGroupArn": .string,
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
                .object(["LicenseConfigurationArn": .string], required: ["LicenseConfigurationArn"]))),
        "Ipv6AddressCount": .runInstances(.whole), "EnablePrimaryIpv6": .runInstances(.bool),
        "InstanceInitiatedShutdownBehavior": .only(
            "terminate",
            "workers shut themselves down, and an instance that only stops serves nobody and is paid for"),
    ]

    /// What RunInstances takes and a launch specification cannot have.
    private static let notForWorkers: [String: LaunchSpecificationSchema] = [
        "InstanceType": .refused("is set from instanceTypes[].instanceType"),
        "UserData": .refused("is generated; put your data into userData"),
        "Monitoring": .refused("is written MonitoringEnabled"),
        "InstanceMarketOptions": .refused("is set from canUseSpot, canUseOndemand and the bid"),
        "MinCount": .refused("is set for each launch"), "MaxCount": .refused("is set for each launch"),
        "ClientToken": .refused("is set for each launch"), "DryRun": .refused("is set for each launch"),
        "DisableApiTermination": .refused("would keep the provisioner from terminating the instance"),
        "DisableApiStop": .refused("has no use: workers are terminated, never stopped"),
        "HibernationOptions": .refused("has no use: workers are terminated, never hibernated"),
        "PrivateIpAddress": .refused("belongs to one instance; name it in NetworkInterfaces if there is one"),
        "Ipv6Addresses": .refused("belong to one instance; name them in NetworkInterfaces if there is one"),
        "SecondaryInterfaces": .refused("is not supported; use NetworkInterfaces"),
        "Operator": .refused("is for AWS's own services"), "AdditionalInfo": .refused("is for AWS's own use"),
        "ElasticGpuSpecification": .refused("was withdrawn by AWS"),
        "ElasticInferenceAccelerators": .refused("was withdrawn by AWS"),
    ]

    private static let blockDevice: LaunchSpecificationSchema = .object(
        [
            "DeviceName": .string, "VirtualName": .string, "NoDevice": .text,
            "Ebs": .object([
                "DeleteOnTermination": .bool, "Encrypted": .bool, "Iops": .whole, "KmsKeyId": .string,
                "SnapshotId": .string, "Throughput": .whole, "VolumeInitializationRate": .whole,
                // No choice: EC2 adds kinds of volumes.
                "VolumeSize": .whole, "VolumeType": .string, "OutpostArn": .string, "EbsCardIndex": .whole,
                "AvailabilityZone": .refused("is that of the instance"),
                "AvailabilityZoneId": .refused("is that of the instance"),
            ]),
        ], required: ["DeviceName"])

    private static let networkInterface: LaunchSpecificationSchema = .object(
        [
            "AssociateCarrierIpAddress": .bool, "AssociatePublicIpAddress": .bool,
            "ConnectionTrackingSpecification": .object([
                "TcpEstablishedTimeout": .whole, "UdpStreamTimeout": .whole, "UdpTimeout": .whole,
            ]),
            "DeleteOnTermination": .bool, "Description": .text, "DeviceIndex": .whole,
            "EnaQueueCount": .whole,
            "EnaSrdSpecification": .object([
                "EnaSrdEnabled": .bool, "EnaSrdUdpSpecification": .object(["EnaSrdUdpEnabled": .bool]),
            ]),
            "Groups": .list(.string), "InterfaceType": .string, "Ipv4PrefixCount": .whole,
            "Ipv4Prefixes": .list(.object(["Ipv4Prefix": .string])), "Ipv6AddressCount": .whole,
            "Ipv6Addresses": .list(.object(["Ipv6Address": .string, "IsPrimaryIpv6": .bool])),
            "Ipv6PrefixCount": .whole, "Ipv6Prefixes": .list(.object(["Ipv6Prefix": .string])),
            "NetworkCardIndex": .whole, "NetworkInterfaceId": .string, "PrimaryIpv6": .bool,
            "PrivateIpAddress": .string,
            "PrivateIpAddresses": .list(.object(["Primary": .bool, "PrivateIpAddress": .string])),
            "SecondaryPrivateIpAddressCount": .whole, "SubnetId": .string,
        ], required: ["DeviceIndex"])

    private static let placement: LaunchSpecificationSchema = .object([
        // The pool's zone takes its place.
        "AvailabilityZone": .string,
        "AvailabilityZoneId": .refused("is that of the pool; name zones in availabilityZones"),
        "GroupName": .string, "Tenancy": .choice(["default", "dedicated", "host"]),
        "Affinity": .runInstances(.string), "GroupId": .runInstances(.string),
        "HostId": .runInstances(.string),
        "HostResourceGroupArn": .runInstances(.string), "PartitionNumber": .runInstances(.whole),
        "SpreadDomain": .runInstances(.string),
    ])

    private static let tags: LaunchSpecificationSchema = .object(
        [
            "ResourceType": .choice(LaunchSpecification.taggedResources),
            "Tags": .list(.object(["Key": .string, "Value": .text], required: ["Key"])),
        ], required: ["ResourceType"])
}

extension LaunchSpecification {
    /// The kinds of resources that a launch can put tags on.
    static let taggedResources = ["instance", "volume", "network-interface", "spot-instances-request"]
}
