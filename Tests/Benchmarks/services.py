"""EC2 and a Queue for a large deployment, with responses that are computed in advance: services.py FLEET.

FLEET is a JSON document: {"regions": [...], "zones": "abc", "types": [...], "instances": [{"region": ..., "items": [XML of
an instance]}]}. The server prints its port, and ends with its standard input. POST /_control takes {"pending": {worker type:
tasks}, "delay": seconds of a Queue call, "offset": seconds by which the clock of the Date header is ahead}.
"""
import asyncio
import email.utils
import json
import re
import sys
import time
import urllib.parse

PAGE = 1000
NAMESPACE = '<?xml version="1.0" encoding="UTF-8"?>\n<%sResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>'
state = {"pending": {}, "delay": 0.0, "offset": 0}
launched = {}
pages = {}
fixed = {}


def response(action, body):
    return ((NAMESPACE % action) + body + "</%sResponse>" % action).encode()


def prepare(fleet):
    """Computes the responses of each region."""
    for region in fleet["regions"]:
        items = next((part["items"] for part in fleet["instances"] if part["region"] == region), [])
        chunks = [items[start:start + PAGE] for start in range(0, len(items), PAGE)] or [[]]
        pages[region] = [
            "".join("<item><instancesSet>%s</instancesSet></item>" % item for item in chunk) for chunk in chunks]
        pages[region] = [
            response("DescribeInstances", "<reservationSet>%s</reservationSet><nextToken>%d</nextToken>" % (chunk, index + 1))
            for index, chunk in enumerate(pages[region])]
        zones = [region + letter for letter in fleet["zones"]]
        fixed[region, "DescribeAvailabilityZones"] = response(
            "DescribeAvailabilityZones", "<availabilityZoneInfo>%s</availabilityZoneInfo>" % "".join(
                "<item><zoneName>%s</zoneName><zoneState>available</zoneState><regionName>%s</regionName></item>"
                % (zone, region) for zone in zones))
        prices = "".join(
            "<item><instanceType>%s</instanceType><productDescription>Linux/UNIX</productDescription><spotPrice>%.4f"
            "</spotPrice><timestamp>2026-01-01T00:00:00.000Z</timestamp><availabilityZone>%s</availabilityZone></item>"
            % (kind, 0.05 + (number * 7919 + sum(zone.encode()) * 31) % 977 / 10000, zone)
            for zone in zones for number, kind in enumerate(fleet["types"]))
        fixed[region, "DescribeSpotPriceHistory"] = response(
            "DescribeSpotPriceHistory", "<spotPriceHistorySet>%s</spotPriceHistorySet>" % prices)
        fixed[region, "DescribeSpotInstanceRequests"] = response(
            "DescribeSpotInstanceRequests", "<spotInstanceRequestSet/>")
        fixed[region, "DescribeImages"] = response(
            "DescribeImages", "<imagesSet><item><imageId>ami-12c6146b</imageId><platformDetails>Linux/UNIX</platformDetails>"
            "</item></imagesSet>")
        launched[region] = []


def instance(identifier, token, kind, zone, tags, launch_time):
    """Returns an instance as DescribeInstances shows it."""
    tag_set = "".join("<item><key>%s</key><value>%s</value></item>" % tag for tag in tags)
    return (
        "<item><instanceId>%s</instanceId><imageId>ami-12c6146b</imageId><instanceState><code>16</code><name>running</name>"
        "</instanceState><instanceType>%s</instanceType><launchTime>%s</launchTime><placement><availabilityZone>%s"
        "</availabilityZone></placement><instanceLifecycle>spot</instanceLifecycle><blockDeviceMapping/><clientToken>%s"
        "</clientToken><tagSet>%s</tagSet></item>" % (identifier, kind, launch_time, zone, token, tag_set))


def describe_instances(region, query):
    if any(value == "key-name" for value in query.values()):
        return response("DescribeInstances", "<reservationSet/>")
    page = int(query.get("NextToken", 0))
    if page < len(pages[region]):
        return pages[region][page]
    return response("DescribeInstances", "<reservationSet>%s</reservationSet>" % "".join(launched[region]))


def run_instances(region, query):
    token = query["ClientToken"]
    identifier = "i-%017x" % (hash(token) % 16**17)
    tags = []
    for number in range(1, 20):
        key = query.get("TagSpecification.1.Tag.%d.Key" % number)
        if key is None:
            break
        tags.append((key, query["TagSpecification.1.Tag.%d.Value" % number]))
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + state["offset"]))
    item = instance(identifier, token, query["InstanceType"], query["Placement.AvailabilityZone"], tags, now)
    launched[region].append("<item><instancesSet>%s</instancesSet></item>" % item)
    return response("RunInstances", "<instancesSet>%s</instancesSet>" % item)


async def answer(method, path, headers, body):
    """Returns the status, type and content of a response."""
    if path == "/_control":
        state.update(json.loads(body))
        return 200, "application/json", b"{}"
    if method == "GET" and "/pending/" in path:
        await asyncio.sleep(state["delay"])
        count = state["pending"].get(path.rsplit("/", 1)[-1], 0)
        return 200, "application/json", b'{"pendingTasks": %d}' % count
    if method != "POST":
        return 404, "application/json", b'{"code": "ResourceNotFound", "message": "no such method"}'
    if headers.get("x-amz-target", "").startswith("ServiceQuotas"):
        # High quotas of all classes, so that their use is computed.
        quotas = [{"QuotaCode": code, "Value": 1e6} for code in ("L-34B43A08", "L-1216C47A")]
        return 200, "application/x-amz-json-1.1", json.dumps({"Quotas": quotas}).encode()
    region = re.search(r"Credential=[^/]+/\d+/([^/]+)/ec2/", headers["authorization"]).group(1)
    query = dict(urllib.parse.parse_qsl(body.decode()))
    action = query["Action"]
    if action == "DescribeInstances":
        return 200, "text/xml", describe_instances(region, query)
    if action == "RunInstances":
        return 200, "text/xml", run_instances(region, query)
    return 200, "text/xml", fixed.get((region, action)) or response(action, "")


async def serve(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, path, _ = head[0].split(" ", 2)
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            status, kind, content = await answer(method, path, headers, body)
            date = email.utils.formatdate(time.time() + state["offset"], usegmt=True)
            writer.write((
                "HTTP/1.1 %d OK\r\nDate: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                % (status, date, kind, len(content))).encode() + content)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    with open(sys.argv[1]) as file:
        prepare(json.load(file))
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
