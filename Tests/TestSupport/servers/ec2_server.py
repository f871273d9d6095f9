"""A proxy to moto's EC2 and other services. It adds client tokens, which moto lacks, and faults on demand.

POST /_control takes {"fault": {region: {"kind": ..., "action": prefix}}, "refusals": [{"code": ..., "message": ...,
"status": ..., and any of "workerType", "region", "zone", "subnet", "instanceType", "market"}],
"platforms": {image: platform details}, "prices": {product description: {instance type: price}},
"quotas": {region: {quota code: value}}}, and returns {"calls":
{action: count}, "launches": {worker type: count}}. A refusal applies to the launches that have all its properties.
Kinds: "error" (503), "hang", "garbage", "cut" (the connection breaks after moto has acted), "cut-before",
"truncated" (half a response), "replace:OLD=>NEW" (in the response, once), "capacity" (InsufficientInstanceCapacity), "code:NAME" (an EC2 error of that code).
"""
import collections
import json
import re
import threading
import time
import urllib.parse
import urllib.request

from moto.server import ThreadedMotoServer

from common import Handler, serve

moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
moto.start()
backend = "http://%s:%d" % moto.get_host_and_port()

fault = {}
refusals = []
platforms = {}
prices = {}
# Without quotas the caller has no right to read them. moto has no quotas of EC2.
quotas = {}
launches = collections.Counter()
calls = collections.Counter()
responses = {}
lock = threading.Lock()
token_locks = collections.defaultdict(threading.Lock)


def error(code, message="requested by the test", service="ec2"):
    if service == "sts":
        return (
            "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>"
            % (code, message)).encode()
    return (
        "<?xml version='1.0' encoding='UTF-8'?><Response><Errors><Error><Code>%s</Code>"
        "<Message>%s</Message></Error></Errors><RequestID>1</RequestID></Response>" % (code, message)
    ).encode()


def properties(parameters, region):
    """Returns the properties of a launch that a refusal can name."""
    tags = {
        parameters.get(key[: -len("Key")] + "Value", "") for key, value in parameters.items()
        if key.endswith(".Key") and value == "WorkerType"}
    return {
        "workerType": tags.pop().split("/")[-1] if tags else "",
        "region": region, "zone": parameters.get("Placement.AvailabilityZone", ""),
        "subnet": parameters.get("SubnetId", ""), "instanceType": parameters.get("InstanceType", ""),
        "market": parameters.get("InstanceMarketOptions.MarketType", "on-demand"),
    }


def values(parameters, name):
    """Returns the values of a list parameter."""
    return [value for key, value in parameters.items() if re.fullmatch(re.escape(name) + r"\.\d+", key)]


def price_history(parameters, region):
    """Returns the response to DescribeSpotPriceHistory for the prices that the test set."""
    items = "".join(
        "<item><instanceType>%s</instanceType><productDescription>%s</productDescription><spotPrice>%f</spotPrice>"
        "<timestamp>2026-11-24T04:13:05.000Z</timestamp><availabilityZone>%sa</availabilityZone></item>"
        % (kind, product, prices[product][kind], region)
        for product in values(parameters, "ProductDescription") if product in prices
        for kind in values(parameters, "InstanceType") if kind in prices[product])
    return (
        "<DescribeSpotPriceHistoryResponse><spotPriceHistorySet>%s</spotPriceHistorySet></DescribeSpotPriceHistoryResponse>"
        % items).encode()


def service_quotas(body, region):
    """Returns the status and the response to ListServiceQuotas, with two quotas a page."""
    if region not in quotas:
        return 400, {"__type": "AccessDeniedException", "Message": "no right to servicequotas:ListServiceQuotas"}
    begin = int(json.loads(body).get("NextToken", "0"))
    page = list(quotas[region].items())[begin:begin + 2]
    document = {"Quotas": [
        {"ServiceCode": "ec2", "QuotaCode": code, "Value": value, "Unit": "None", "Adjustable": True}
        for code, value in page]}
    if begin + 2 < len(quotas[region]):
        document["NextToken"] = str(begin + 2)
    return 200, document


def with_platforms(response):
    """Adds the platform details, which moto lacks, to a response to DescribeImages."""
    return re.sub(
        r"<imageId>([^<]+)</imageId>",
        lambda match: match.group(0) + (
            "<platformDetails>%s</platformDetails>" % platforms[match.group(1)] if match.group(1) in platforms else ""),
        response.decode()).encode()


def resolved(body, region):
    """Replaces the SSM parameter of an image by its value, as RunInstances does."""
    parameters = urllib.parse.parse_qsl(body.decode(errors="replace"))
    name = dict(parameters).get("ImageId", "")
    if not name.startswith("resolve:ssm:"):
        return body
    request = urllib.request.Request(
        backend + "/", data=json.dumps({"Names": [name[len("resolve:ssm:"):]]}).encode(), method="POST", headers={
            "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/%s/ssm/aws4_request" % region,
            "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "AmazonSSM.GetParameters"})
    with urllib.request.urlopen(request) as response:
        found = json.load(response)["Parameters"]
    image = found[0]["Value"] if found else name
    return urllib.parse.urlencode([(key, image if key == "ImageId" else value) for key, value in parameters]).encode()


class EC2(Handler):
    def do_GET(self):
        self.forward(b"")

    def do_POST(self):
        body = self.body()
        if self.path == "/_control":
            with lock:
                fault.clear()
                control = json.loads(body)
                fault.update(control.get("fault", {}))
                if "refusals" in control:
                    refusals[:] = control["refusals"]
                platforms.update(control.get("platforms", {}))
                prices.update(control.get("prices", {}))
                quotas.update(control.get("quotas", {}))
                self.respond(200, {"calls": dict(calls), "launches": dict(launches)})
            return
        if self.headers.get("X-Amz-Target", "").endswith(".ListServiceQuotas"):
            region = self.headers["Authorization"].split("/")[2]
            with lock:
                calls["ListServiceQuotas"] += 1
                status, document = service_quotas(body, region)
            return self.respond(status, json.dumps(document).encode(), [("Content-Type", "application/x-amz-json-1.1")])
        match = re.search(r"Credential=[^/]+/\d+/([^/]+)/(ec2|sts)/", self.headers.get("Authorization", ""))
        parameters = dict(urllib.parse.parse_qsl(body.decode(errors="replace")))
        action = parameters.get("Action", "")
        with lock:
            calls[action] += 1
            planned = fault.get(match.group(1)) if match else None
        if action == "RunInstances":
            launch = properties(parameters, match.group(1) if match else "")
            with lock:
                launches[launch["workerType"]] += 1
                refused = [
                    refusal for refusal in refusals
                    if all(launch[key] == value for key, value in refusal.items() if key in launch)]
            if refused:
                return self.respond(
                    refused[0].get("status", 400),
                    error(refused[0]["code"], refused[0].get("message", "requested by the test")))
        if action == "RunInstances" and match:
            body = resolved(body, match.group(1))
        kind = planned["kind"] if planned and action.startswith(planned.get("action", "")) else None
        if kind == "error":
            return self.respond(503, error("Unavailable"))
        if kind == "hang":
            return time.sleep(60)
        if kind == "garbage":
            return self.respond(200, b"<html><body>a proxy's own page</body></html>")
        if kind == "capacity":
            return self.respond(500, error("InsufficientInstanceCapacity"))
        if kind and kind.startswith("code:"):
            return self.respond(400, error(kind[5:], service=match.group(2)))
        if kind == "cut-before":
            return self.disconnect()
        token = parameters.get("ClientToken")
        if token:
            with lock:
                token_lock = token_locks[token]
            with token_lock:
                if token not in responses:
                    responses[token] = self.call_moto(body)
                status, data = responses[token]
        else:
            status, data = self.call_moto(body)
        if action == "DescribeSpotPriceHistory" and prices:
            status, data = 200, price_history(parameters, match.group(1))
        if action == "DescribeImages" and platforms:
            data = with_platforms(data)
        if kind == "cut":
            return self.disconnect()
        if kind and kind.startswith("replace:"):
            old, new = kind[len("replace:"):].split("=>")
            data = data.replace(old.encode(), new.encode(), 1)
        if kind == "truncated":
            data = data[: len(data) // 2]
        self.respond(status, data, [("Content-Type", "text/xml")])

    def call_moto(self, body):
        headers = {name: self.headers[name] for name in ("Authorization", "Content-Type", "X-Amz-Date", "X-Amz-Target") if self.headers[name]}
        request = urllib.request.Request(backend + self.path, data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as failure:
            return failure.code, failure.read()

    def forward(self, body):
        with urllib.request.urlopen(backend + self.path) as response:
            self.respond(response.status, response.read())


serve(EC2)
