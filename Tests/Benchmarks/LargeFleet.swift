import Domain
import Formats
import FoundationEssentials

/// 1,000 worker types, 20,000 instances, 20 regions of 6 zones with 60 instance types.
struct LargeFleet {
    let ownership = Ownership(provisionerId: "bench", keyPrefix: "bench:")
    let regions = (1...20).map { "xx-test-\($0)" }
    let instanceTypes = (1...60).map { "c\($0).xlarge" }
    let instancesPerRegion = 1000

    func zones(of region: String) -> [String] { "abcdef".map { region + String($0) } }

    /// Each allows 20 types in 5 regions: 600 pools.
    var workerTypes: [WorkerType] {
        (0..<1000).map { index in
            let definition = WorkerTypeDefinition(
                maxCapacity: 1000, scalingRatio: 0.2, minPrice: 0, maxPrice: 10,
                instanceTypes: (0..<20).map { offset in
                    InstanceTypeConfiguration(
                        instanceType: instanceTypes[(index + offset * 3) % 60], capacity: 1 << (offset % 4),
                        utility: 1 + Double(offset) / 20)
                },
                regions: (0..<5).map { offset in
                    RegionConfiguration(
                        region: regions[(index + offset * 4) % 20], launchSpec: ["ImageId": "ami-1"])
                })
            return WorkerType(
                name: "worker-type-\(index)", definition: definition, lastModified: .distantPast)
        }
    }

    func instancesResponse(_ region: String) -> String {
        let zones = zones(of: region)
        let items = (0..<instancesPerRegion).map { index in
            """
            <item><reservationId>r-\(index)</reservationId><ownerId>123456789012</ownerId><groupSet/><instancesSet>
            <item><instanceId>i-0123456789\(index)</instanceId><imageId>ami-12c6146b</imageId><instanceState>
            <code>16</code><name>running</name></instanceState><privateDnsName>ip-10-0-0-1.ec2.internal</privateDnsName>
            <dnsName/><reason/><keyName>bench:</keyName><amiLaunchIndex>0</amiLaunchIndex><productCodes/>
            <instanceType>\(instanceTypes[index % 60])</instanceType><launchTime>2026-11-24T04:13:05.000Z</launchTime>
            <placement><availabilityZone>\(zones[index % 6])</availabilityZone><groupName/><tenancy>default</tenancy>
            </placement><monitoring><state>disabled</state></monitoring><subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId>
            <privateIpAddress>10.0.0.1</privateIpAddress><sourceDestCheck>true</sourceDestCheck><groupSet><item>
            <groupId>sg-1</groupId><groupName>default</groupName></item></groupSet><architecture>x86_64</architecture>
            <rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/sda1</rootDeviceName><blockDeviceMapping><item>
            <deviceName>/dev/sda1</deviceName><ebs><volumeId>vol-1</volumeId><status>attached</status>
            <attachTime>2026-11-24T04:13:05.000Z</attachTime><deleteOnTermination>true</deleteOnTermination></ebs></item>
            </blockDeviceMapping><virtualizationType>hvm</virtualizationType><clientToken>token\(index)</clientToken>
            <tagSet><item><key>Owner</key><value>bench</value></item><item><key>WorkerType</key>
            <value>bench/worker-type-\(index)</value></item><item><key>Name</key><value>worker-type-\(index)</value></item>
            </tagSet><hypervisor>xen</hypervisor><ebsOptimized>false</ebsOptimized></item></instancesSet></item>
            """
        }
        return response("DescribeInstances", "<reservationSet>\(items.joined())</reservationSet>")
    }

    func pricesResponse(_ region: String) -> String {
        let items = zones(of: region).flatMap { zone in
            instanceTypes.enumerated().map { index, type in
                // Realistic prices: similar, none equal.
                let price =
                    0.05 + Double((index * 7919 + zone.utf8.reduce(0) { $0 + Int($1) } * 31) % 977) / 1000
                return """
                    <item><instanceType>\(type)</instanceType><productDescription>Linux/UNIX</productDescription>
                    <spotPrice>\(price)</spotPrice><timestamp>2026-11-24T04:13:05.000Z</timestamp>
                    <availabilityZone>\(zone)</availabilityZone></item>
                    """
            }
        }
        return response(
            "DescribeSpotPriceHistory", "<spotPriceHistorySet>\(items.joined())</spotPriceHistorySet>")
    }

    private func response(_ action: String, _ body: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <\(action)Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>\(body)</\(action)Response>
        """
    }
}
