"""A proxy between the provisioner and moto's EC2 that makes calls fail.

It adds features of EC2 that moto lacks: client tokens, pages, instances that shut down, and terminated instances that
disappear after some time. Its clock can be moved.

POST /_control takes any of
    {"faults": {"rate": 0..1, "seed": text} | null}   faults of the following calls, determined by the seed;
                                                      "kinds": [kind] selects kinds
    {"offset": seconds}                               time by which EC2's clock is ahead
    {"shutDown": [ids], "interrupt": [ids]}           instances that shut down, or are interrupted
    {"forget": seconds}                               removes instances that were terminated that long ago, and
                                                      their requests
and returns {"instances": all instances of moto, "calls": {action: count}, "faults": {kind: count}, "problems": errors of
the provisioner or of this proxy}.
"""
import collections
import contextlib
import datetime
import itertools
import json
import random
import re
import threading
import time
import traceback
import urllib.parse
import urllib.request

import moto.ec2.models.instances
from moto.ec2.models import ec2_backends
from moto.server import ThreadedMotoServer

from common import Handler, serve
from ec2_pages import PAGED, Paged

moto_server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
moto_server.start()
backend = "http://%s:%d" % moto_server.get_host_and_port()

PAGE = 4
LAUNCHES = ("RunInstances", "RequestSpotInstances")
LAUNCHES_AT_ONCE = 64
# Seconds of a hanging call. The timeout of the provisioner in the tests is shorter.
HANG = 6

# Faults by their time: before the action of EC2, or after it.
BEFORE = ["throttled", "throttled", "unavailable", "retry-after", "plain-503", "cut-before"]
REFUSALS = ["capacity", "price", "limit"]
AFTER = ["cut-after", "cut-after", "cut-middle", "internal-after", "garbage", "truncated", "empty"]
PAGES = ["duplicate-page", "missing-page", "missing-page"]
CODES = {
    "throttled": (503, "RequestLimitExceeded"), "unavailable": (503, "Unavailable"), "retry-after": (503, "Unavailable"),
    "capacity": (500, "InsufficientInstanceCapacity"), "price": (400, "SpotMaxPriceTooLow"),
    "limit": (400, "MaxSpotInstanceCountExceeded"), "internal-after": (500, "InternalError"),
}

lock = threading.Lock()
calls = collections.Counter()
fault_counts = collections.Counter()
faults = None
call_numbers = collections.Counter()
offset = 0
responses = {}
token_locks = collections.defaultdict(threading.Lock)
# Errors: a client token for two different calls, an exception in this program.
problems = []
launched_by = {}
# Launches in progress, whether or not the client has disconnected.
under_way = threading.Semaphore(LAUNCHES_AT_ONCE)
pages = {}
numbers = itertools.count()
terminated_at = {}


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + datetime.timedelta(seconds=offset)


moto.ec2.models.instances.utcnow = now


def draw(region, action):
    """Returns the fault of a call, determined by the seed, region, action and number of the call."""
    with lock:
        calls[action] += 1
        call_numbers[region, action] += 1
        if not faults:
            return None, None
        chance = random.Random("%s/%s/%s/%d" % (faults["seed"], region, action, call_numbers[region, action]))
        if chance.random() >= faults["rate"]:
            return None, chance
        kinds = BEFORE + AFTER + ["delay"] * 4
        if faults.get("kinds"):
            kinds = faults["kinds"]
        elif chance.random() < 0.05:
            kinds = ["hang"]
        elif action in LAUNCHES:
            kinds = kinds + REFUSALS + AFTER
        elif action in PAGED:
            kinds = kinds + PAGES * 3
        kind = chance.choice(kinds)
        fault_counts[kind] += 1
        return kind, chance


@contextlib.contextmanager
def settled():
    """Waits until no launch is in progress, and blocks new launches meanwhile."""
    for _ in range(LAUNCHES_AT_ONCE):
        under_way.acquire()
    try:
        yield
    finally:
        for _ in range(LAUNCHES_AT_ONCE):
            under_way.release()


def error(code):
    return (
        "<?xml version='1.0' encoding='UTF-8'?><Response><Errors><Error><Code>%s</Code>"
        "<Message>planned fault</Message></Error></Errors><RequestID>1</RequestID></Response>" % code).encode()


def instances():
    for regions in list(ec2_backends.values()):
        for region, held in list(regions.items()):
            for instance in held.all_instances():
                yield region, held, instance


def state():
    return [
        {
            "id": instance.id, "region": region, "type": instance.instance_type, "zone": instance.placement.zone,
            "state": instance.state, "launch": launched_by.get(instance.id),
            "userData": instance.user_data.decode() if instance.user_data else None,
        }
        for region, _, instance in instances()
    ]


def end(ids, interrupted):
    for _, held, instance in list(instances()):
        if instance.id in ids and instance.state == "running":
            # A shutdown only stops an instance, unless its shutdown behavior is terminate, or it belongs to a one-time
            # spot request.
            spot = instance.lifecycle == "spot"
            if interrupted or spot or instance.instance_initiated_shutdown_behavior == "terminate":
                held.terminate_instances([instance.id])
                code = "Server.SpotInstanceTermination" if interrupted else "Client.InstanceInitiatedShutdown"
                instance.state_reason.code = code
                instance.state_reason.message = code
            else:
                held.stop_instances([instance.id])


def settle(age):
    """Closes the requests of terminated instances, and removes instances that were terminated long ago."""
    def is_past(instance):
        return (now() - terminated_at.setdefault(instance.id, now())).total_seconds() > age

    for _, held, instance in list(instances()):
        if instance.state == "terminated" and is_past(instance):
            for key, reservation in list(held.reservations.items()):
                if any(other.id == instance.id for other in reservation.instances):
                    del held.reservations[key]
    for regions in list(ec2_backends.values()):
        for held in list(regions.values()):
            for key, request in list(held.spot_instance_requests.items()):
                if request.instance.state != "terminated":
                    continue
                if request.state == "active":
                    request.state = "closed"
                    request._status_code = "instance-terminated-by-user"
                if is_past(request.instance):
                    del held.spot_instance_requests[key]


class Proxy(Handler):
    def date_time_string(self, timestamp=None):
        return super().date_time_string(time.time() + offset if timestamp is None else timestamp)

    def do_POST(self):
        try:
            self.react()
        except OSError:
            # The client has disconnected.
            self.close_connection = True
        except Exception:
            # An exception in this program fails the test too.
            problems.append(traceback.format_exc())
            self.respond(200, {"problems": problems})

    def react(self):
        global faults, offset
        body = self.body()
        if self.path == "/_control":
            control = json.loads(body)
            with lock, settled():
                if "faults" in control:
                    faults = control["faults"]
                    call_numbers.clear()
                    # No iteration reads pages now.
                    pages.clear()
                offset = control.get("offset", offset)
                end(set(control.get("shutDown", [])), False)
                end(set(control.get("interrupt", [])), True)
                if "forget" in control:
                    settle(control["forget"])
                self.respond(200, {
                    "instances": state(), "calls": dict(calls), "faults": dict(fault_counts), "problems": problems})
            return
        match = re.search(r"Credential=[^/]+/\d+/([^/]+)/ec2/", self.headers.get("Authorization", ""))
        region = match.group(1) if match else ""
        parameters = dict(urllib.parse.parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        action = parameters.get("Action", "")
        kind, chance = draw(region, action)
        if kind == "delay":
            time.sleep(chance.uniform(0.01, 0.2))
        elif kind == "plain-503":
            return self.respond(503, b"<html><body>the load balancer's own page</body></html>")
        elif kind == "cut-before":
            return self.disconnect()
        elif kind in BEFORE:
            status, code = CODES[kind]
            return self.respond(status, error(code), [("Retry-After", "1")] if kind == "retry-after" else [])
        if action in PAGED:
            status, data = self.page(action, region, parameters, kind, chance)
        elif parameters.get("ClientToken"):
            status, data = self.once(region, parameters["ClientToken"], body, kind)
        else:
            status, data = self.call_moto(body)
        if kind == "hang":
            time.sleep(HANG)
            return self.disconnect()
        if kind == "cut-after":
            return self.disconnect()
        if kind == "internal-after":
            return self.respond(500, error("InternalError"))
        if kind == "garbage":
            data = b"\x00\xff<html><body>garbage"
        if kind == "truncated":
            data = data[: chance.randrange(len(data))]
        if kind == "empty":
            data = b""
        if kind == "cut-middle":
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: chance.randrange(len(data))])
            self.wfile.flush()
            return self.disconnect()
        self.respond(status, data, [("Content-Type", "text/xml")])

    def once(self, region, token, body, kind):
        """Executes a call with a client token once. A repeated call gets the same response, and no refusal."""
        with lock:
            token_lock = token_locks[region, token]
        with token_lock:
            if (region, token) in responses:
                known, status, data = responses[region, token]
                if known != body:
                    problems.append("two different calls with the client token " + token)
                    return 400, error("IdempotentParameterMismatch")
                return status, data
            if kind in REFUSALS:
                status, code = CODES[kind]
                return status, error(code)
            with under_way:
                status, data = self.call_moto(body)
                if status == 200:
                    responses[region, token] = body, status, data
                    for instance in re.findall(rb"<instanceId>(i-[0-9a-f]+)</instanceId>", data):
                        launched_by[instance.decode()] = token
            return status, data

    def page(self, action, region, parameters, kind, chance):
        token = parameters.pop("NextToken", None)
        if token is None:
            parameters.pop("MaxResults", None)
            status, data = self.call_moto(urllib.parse.urlencode(parameters).encode())
            if status != 200:
                return status, data
            items = list(Paged(action, data).holder)
            chunks = [items[start:start + PAGE] for start in range(0, len(items), PAGE)] or [[]]
            # The list of prices is long: it is one page.
            if action == "DescribeSpotPriceHistory":
                chunks = [items]
            if kind == "missing-page":
                del chunks[chance.randrange(len(chunks))]
            if kind == "duplicate-page":
                duplicate = chance.randrange(len(chunks))
                chunks.insert(duplicate, chunks[duplicate])
            with lock:
                number, index = str(next(numbers)), 0
                pages[number] = data, chunks or [[]]
        else:
            number, index = token.split("-")[0], int(token.split("-")[1])
        data, chunks = pages.get(number, (None, None))
        if data is None:
            return 400, error("InvalidNextToken")
        response = Paged(action, data)
        is_last = index + 1 >= len(chunks)
        return 200, response.written(chunks[index], None if is_last else "%s-%d" % (number, index + 1))

    def call_moto(self, body):
        headers = {
            name: self.headers[name] for name in ("Authorization", "Content-Type", "X-Amz-Date") if self.headers[name]}
        request = urllib.request.Request(backend + "/", data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as failure:
            return failure.code, failure.read()


serve(Proxy)
