"""Runs iterations of the unmodified program with a faulty EC2, with simulated time between them, and kills some of them.

Reads from standard input {"provisioner", "api": the programs, "clock": the library that moves their clock, "database":
path, "environment": {}, "ec2", "queue": URLs of the servers, "workerTypes": {name: {"max": capacity, "sizes": {instance
type: capacity}}}, "seed", "iterations": number of complete iterations, "kills": number of killed iterations, "rate": share
of faulty calls to EC2}.

Invariants after each iteration: every running instance of EC2 has a launch in the database, in a state of a running
instance, and no worker type exceeds its maxCapacity. At the end, without faults, all pending tasks are served and every
launch is in a final state. Prints statistics as JSON. A violated invariant ends the run.
"""
import collections
import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request

parameters = json.load(sys.stdin)
worker_types = parameters["workerTypes"]
chance = random.Random(parameters["seed"])
statistics = collections.Counter()
offset = 0
checked_in = set()
broken = set()
foreign = set()
# Standard error of the last iteration with failed calls.
last_errors = None
# Seconds for which EC2 shows terminated instances. The real EC2 shows them for an hour; less keeps responses short.
SHOWN_AFTER_THE_END = 1200
# Exit codes of sysexits: success; a service was unavailable.
SUCCESS, UNAVAILABLE = 0, 69


class Broken(Exception):
    """A violated invariant."""


def environment():
    return {
        **parameters["environment"], "PATH": "/usr/bin:/bin", "LD_PRELOAD": parameters["clock"], "CLOCK_OFFSET": str(offset),
    }


def post(url, document):
    request = urllib.request.Request(url + "/_control", data=json.dumps(document).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=300) as response:
        return json.load(response)


def ec2(**control):
    response = post(parameters["ec2"], control)
    if response["problems"]:
        raise Broken(response["problems"])
    return response


def instances(**control):
    """The instances of the provisioner in EC2, after a control request."""
    held = ec2(**control)["instances"]
    if not foreign <= {one["id"] for one in held if one["state"] == "running"}:
        raise Broken("a foreign instance was changed")
    return [one for one in held if one["id"] not in foreign]


def rows():
    database = sqlite3.connect("file:%s?mode=ro" % parameters["database"], uri=True, timeout=30)
    try:
        return {row[0]: row[1:] for row in database.execute("SELECT id, state, worker_type, instance_id FROM launches")}
    finally:
        database.close()


def size(instance, worker_type):
    return worker_types[worker_type]["sizes"][instance["type"]]


def check(after):
    """Compares the instances of EC2 with the database, and returns them."""
    held = instances()
    launches = rows()
    capacities = collections.Counter()
    for instance in held:
        launch = launches.get(instance["launch"])
        if launch is None:
            raise Broken("%s: %s is unknown: launch %s has no row" % (after, instance["id"], instance["launch"]))
        state, worker_type, _ = launch
        if instance["state"] in ("pending", "running"):
            if state not in ("stored", "submitted", "visible"):
                raise Broken("%s: %s runs, but its launch %s is %s" % (after, instance["id"], instance["launch"], state))
            capacities[worker_type] += size(instance, worker_type)
        elif instance["state"] in ("stopping", "stopped"):
            raise Broken("%s: %s is only stopped" % (after, instance["id"]))
    for worker_type, capacity in capacities.items():
        if capacity > worker_types[worker_type]["max"]:
            raise Broken("%s: %s has capacity %d" % (after, worker_type, capacity))
        statistics["most of " + worker_type] = max(statistics["most of " + worker_type], capacity)
    return held


def iterate(kill_after=None):
    """Runs an iteration, and returns its seconds, or None when it was killed."""
    global last_errors
    start = time.monotonic()
    process = subprocess.Popen(
        [parameters["provisioner"], "iterate"], env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True)
    if kill_after is not None:
        time.sleep(kill_after)
        process.kill()
    try:
        _, errors = process.communicate(timeout=300)
    except subprocess.TimeoutExpired:
        process.kill()
        raise Broken("an iteration hangs")
    if process.returncode == -signal.SIGKILL:
        statistics["killed"] += 1
        return None
    if process.returncode not in (SUCCESS, UNAVAILABLE):
        raise Broken("an iteration exits %d: %s" % (process.returncode, errors[-3000:]))
    statistics["iterations"] += 1
    statistics["iterations with failed calls"] += process.returncode == UNAVAILABLE
    last_errors = errors[-2000:] if process.returncode == UNAVAILABLE else None
    return time.monotonic() - start


def fetch_secret(token):
    response = subprocess.run(
        [parameters["api"]], env={
            **environment(), "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET", "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "SCRIPT_NAME": "", "PATH_INFO": "/v1/secret/" + token,
            "QUERY_STRING": ""}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    head, _, body = response.stdout.decode().replace("\r\n", "\n").partition("\n\n")
    status = head.split("Status: ")[1][:3] if "Status: " in head else "200"
    return status, body


def check_in(instance):
    """Fetches the secret of a worker, once."""
    data = json.loads(instance["userData"])
    status, body = fetch_secret(data["securityToken"])
    if status == "200":
        if json.loads(body)["data"] != {"s": "planted-worker-secret"}:
            raise Broken("a worker got the secret of another worker")
        checked_in.add(instance["id"])
        statistics["workers"] += 1
    elif status == "404":
        statistics["came too late for their secret"] += 1
    else:
        raise Broken("the API answers %s to a worker: %s" % (status, body))


def workers(held):
    """Starts workers, except for a few that never start. Returns instances to shut down, and instances to interrupt."""
    halting, interrupted = [], []
    for instance in held:
        if instance["state"] != "running" or instance["id"] in broken:
            continue
        if instance["id"] not in checked_in:
            if chance.random() < 0.04:
                broken.add(instance["id"])
            elif chance.random() < 0.6:
                check_in(instance)
        elif chance.random() < 0.2:
            halting.append(instance["id"])
        elif chance.random() < 0.03:
            interrupted.append(instance["id"])
    return halting, interrupted


def load():
    pending = {}
    for name, worker_type in worker_types.items():
        kind = chance.random()
        if kind < 0.3:
            pending[name] = 0
        elif kind < 0.9:
            pending[name] = chance.randrange(worker_type["max"])
        else:
            pending[name] = 3 * worker_type["max"]
    return pending


def advance(seconds, **control):
    """Advances the clock, and returns the instances of EC2."""
    global offset
    offset += seconds
    return instances(offset=offset, forget=SHOWN_AFTER_THE_END, **control)


def faults(number):
    """The faults of the next iteration."""
    rate = parameters["rate"]
    # Some iterations have no faults, and some have many.
    draw = chance.random()
    rate = 0 if draw < 0.1 else min(1, rate * 4) if draw > 0.95 else rate
    return {"rate": rate, "seed": "%s/%d" % (parameters["seed"], number)} if rate else None


def run_with_faults():
    typical = 0.3
    number = 0
    halting, interrupted = [], []
    while statistics["killed"] < parameters["kills"] or statistics["iterations"] < parameters["iterations"]:
        number += 1
        advance(
            chance.choice([30, 60, 60, 60, 120, 400]), faults=faults(number), shutDown=halting, interrupt=interrupted)
        post(parameters["queue"], {"pending": load(), "offset": offset})
        if statistics["killed"] < parameters["kills"] and chance.random() < 0.7:
            iterate(kill_after=chance.uniform(0, 1.1 * typical))
        else:
            typical = 0.7 * typical + 0.3 * min(2, iterate())
        halting, interrupted = workers(check("seed %s, iteration %d" % (parameters["seed"], number)))


def serve_all_tasks():
    """Runs iterations without faults until all pending tasks are served."""
    for instance in advance(0, faults=None):
        if instance["state"] == "running" and instance["id"] not in checked_in:
            check_in(instance)
    # The provisioner reads the ended instances. Then all holds end.
    post(parameters["queue"], {"offset": offset})
    iterate()
    advance(5 * 3600)
    pending = {name: worker_type["max"] // 2 + 2 for name, worker_type in worker_types.items()}
    for number in range(60):
        if not any(pending.values()):
            break
        post(parameters["queue"], {"pending": pending, "offset": offset})
        iterate()
        held = check("seed %s, serving %d" % (parameters["seed"], number))
        launches = rows()
        done = []
        for instance in held:
            if instance["state"] != "running":
                continue
            if instance["id"] not in checked_in:
                check_in(instance)
            elif launches[instance["launch"]][1] in pending:
                worker_type = launches[instance["launch"]][1]
                pending[worker_type] = max(0, pending[worker_type] - size(instance, worker_type))
                done.append(instance["id"])
        advance(60, shutDown=done)
    if any(pending.values()):
        raise Broken("seed %s: tasks are still pending: %s; %s" % (parameters["seed"], pending, last_errors))
    statistics["iterations to serve all"] = number


def end_all_launches():
    """Runs iterations without pending tasks until all launches are in a final state."""
    post(parameters["queue"], {"pending": {name: 0 for name in worker_types}, "offset": offset})
    held = advance(0, shutDown=list(checked_in))
    for _ in range(10):
        iterate()
        unfinished = {id: row for id, row in rows().items() if row[0] not in ("failed", "lost", "ended")}
        if not unfinished and all(one["state"] == "terminated" for one in held):
            break
        post(parameters["queue"], {"offset": offset + 600})
        held = advance(600)
    else:
        raise Broken("seed %s: unfinished launches: %s; %s" % (parameters["seed"], unfinished, last_errors))
    for state, *_ in rows().values():
        statistics["launches that " + {"failed": "failed", "lost": "were lost", "ended": "ended"}[state]] += 1


def integrity():
    database = sqlite3.connect("file:%s?mode=ro" % parameters["database"], uri=True, timeout=30)
    found = database.execute("PRAGMA integrity_check").fetchall()
    database.close()
    if found != [("ok",)]:
        raise Broken("the database: %s" % found)


try:
    foreign = {one["id"] for one in ec2()["instances"]}
    run_with_faults()
    serve_all_tasks()
    end_all_launches()
    check("seed %s, at the end" % parameters["seed"])
    integrity()
    totals = ec2()
    statistics["calls to EC2"] = sum(totals["calls"].values())
    statistics["faults"] = sum(totals["faults"].values())
    print(json.dumps({**statistics, "kinds of faults": totals["faults"]}))
except Broken as problem:
    print(json.dumps({**statistics, "broken": str(problem)}))
    sys.exit(1)
