"""A bad network, and a bad day, between the provisioner and moto's EC2.

What moto lacks is added: client tokens as EC2 honours them, answers in pages, a clock that can be moved, machines that
shut themselves down, and terminated instances that are forgotten after a while.

POST /_control takes any of
    {"faults": {"rate": 0..1, "seed": text} | null}   what becomes of the calls that follow; the same for the same seed;
                                                      "kinds": [kind] takes only those
    {"offset": seconds}                               how far EC2's clock is ahead
    {"shutDown": [ids], "interrupt": [ids]}           machines that halt by themselves, or are taken back
    {"forget": seconds}                               drops instances that were terminated that long ago, and
                                                      their requests
and answers {"instances": what moto holds, asked directly, "calls": {action: count}, "faults": {kind: count},
"problems": what must not happen}.
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
# How long a hanging call is kept; the provisioner of the tests waits less.
HANG = 6

# Faults by when they strike: before EC2 acts, or when it has acted and the answer is on its way.
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
struck = collections.Counter()
faults = None
turn = collections.Counter()
offset = 0
answers = {}
token_locks = collections.defaultdict(threading.Lock)
# What must not happen: a client token for two different calls, a bug here.
problems = []
launched_by = {}
# Launches that EC2 is at work on, whether or not anybody waits for the answer still.
under_way = threading.Semaphore(LAUNCHES_AT_ONCE)
pages = {}
numbers = itertools.count()
terminated_at = {}


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + datetime.timedelta(seconds=offset)


moto.ec2.models.instances.utcnow = now


def draw(region, action):
    """What becomes of a call: the same for the same seed, region, action and number of the call."""
    with lock:
        calls[action] += 1
        turn[region, action] += 1
        if not faults:
            return None, None
        chance = random.Random("%s/%s/%s/%d" % (faults["seed"], region, action, turn[region, action]))
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
        struck[kind] += 1
        return kind, chance


@contextlib.contextmanager
def settled():
    """Waits until no launch is half done, and keeps new ones off meanwhile."""
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
        "<Message>a bad day</Message></Error></Errors><RequestID>1</RequestID></Response>" % code).encode()


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
            # As EC2 does: a machine that halts is only stopped, unless it was launched with the wish to be terminated
            # then, or is a spot instance of a request that is made once.
            spot = instance.lifecycle == "spot"
            if interrupted or spot or instance.instance_initiated_shutdown_behavior == "terminate":
                held.terminate_instances([instance.id])
                code = "Server.SpotInstanceTermination" if interrupted else "Client.InstanceInitiatedShutdown"
                instance.state_reason.code = code
                instance.state_reason.message = code
            else:
                held.stop_instances([instance.id])


def settle(age):
    """Ends the requests of terminated instances, and forgets those that have been shown long enough."""
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
    def do_POST(self):
        try:
            self.react()
        except OSError:
            # The other side has hung up.
            self.close_connection = True
        except Exception:
            # A bug here is told as loudly as one of the provisioner's.
            problems.append(traceback.format_exc())
            self.answer(200, {"problems": problems})

    def react(self):
        global faults, offset
        body = self.body()
        if self.path == "/_control":
            wish = json.loads(body)
            with lock, settled():
                if "faults" in wish:
                    faults = wish["faults"]
                    turn.clear()
                    # Whoever reads pages has come to their end, or was killed.
                    pages.clear()
                offset = wish.get("offset", offset)
                end(set(wish.get("shutDown", [])), False)
                end(set(wish.get("interrupt", [])), True)
                if "forget" in wish:
                    settle(wish["forget"])
                self.answer(200, {
                    "instances": state(), "calls": dict(calls), "faults": dict(struck), "problems": problems})
            return
        match = re.search(r"Credential=[^/]+/\d+/([^/]+)/ec2/", self.headers.get("Authorization", ""))
        region = match.group(1) if match else ""
        parameters = dict(urllib.parse.parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        action = parameters.get("Action", "")
        kind, chance = draw(region, action)
        if kind == "delay":
            time.sleep(chance.uniform(0.01, 0.2))
        elif kind == "plain-503":
            return self.answer(503, b"<html><body>the load balancer's own page</body></html>")
        elif kind == "cut-before":
            return self.cut()
        elif kind in BEFORE:
            status, code = CODES[kind]
            return self.answer(status, error(code), [("Retry-After", "1")] if kind == "retry-after" else [])
        if action in PAGED:
            status, data = self.page(action, region, parameters, kind, chance)
        elif parameters.get("ClientToken"):
            status, data = self.once(region, parameters["ClientToken"], body, kind)
        else:
            status, data = self.ask(body)
        if kind == "hang":
            time.sleep(HANG)
            return self.cut()
        if kind == "cut-after":
            return self.cut()
        if kind == "internal-after":
            return self.answer(500, error("InternalError"))
        if kind == "garbage":
            data = b"\x00\xff<html><body>not what you asked for"
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
            return self.cut()
        self.answer(status, data, [("Content-Type", "text/xml")])

    def once(self, region, token, body, kind):
        """EC2's promise: the same call with the same client token is carried out once, and answered alike. What was
        carried out is not refused when it is asked for again."""
        with lock:
            token_lock = token_locks[region, token]
        with token_lock:
            if (region, token) in answers:
                known, status, data = answers[region, token]
                if known != body:
                    problems.append("two different calls with the client token " + token)
                    return 400, error("IdempotentParameterMismatch")
                return status, data
            if kind in REFUSALS:
                status, code = CODES[kind]
                return status, error(code)
            with under_way:
                status, data = self.ask(body)
                if status == 200:
                    answers[region, token] = body, status, data
                    for instance in re.findall(rb"<instanceId>(i-[0-9a-f]+)</instanceId>", data):
                        launched_by[instance.decode()] = token
            return status, data

    def page(self, action, region, parameters, kind, chance):
        token = parameters.pop("NextToken", None)
        if token is None:
            parameters.pop("MaxResults", None)
            status, data = self.ask(urllib.parse.urlencode(parameters).encode())
            if status != 200:
                return status, data
            items = list(Paged(action, data).holder)
            chunks = [items[start:start + PAGE] for start in range(0, len(items), PAGE)] or [[]]
            # A list of prices is long, and of no interest here.
            if action == "DescribeSpotPriceHistory":
                chunks = [items]
            if kind == "missing-page":
                del chunks[chance.randrange(len(chunks))]
            if kind == "duplicate-page":
                again = chance.randrange(len(chunks))
                chunks.insert(again, chunks[again])
            with lock:
                number, index = str(next(numbers)), 0
                pages[number] = data, chunks or [[]]
        else:
            number, index = token.split("-")[0], int(token.split("-")[1])
        data, chunks = pages.get(number, (None, None))
        if data is None:
            return 400, error("InvalidNextToken")
        answer = Paged(action, data)
        is_last = index + 1 >= len(chunks)
        return 200, answer.written(chunks[index], None if is_last else "%s-%d" % (number, index + 1))

    def ask(self, body):
        headers = {
            name: self.headers[name] for name in ("Authorization", "Content-Type", "X-Amz-Date") if self.headers[name]}
        request = urllib.request.Request(backend + "/", data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as failure:
            return failure.code, failure.read()


serve(Proxy)
