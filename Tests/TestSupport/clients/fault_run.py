"""Days of a provisioner's life in minutes: iterations of the real program on a bad network, killed at will.

Reads from standard input {"provisioner", "api": the programs, "clock": the library that moves their clock, "database":
path, "environment": {}, "ec2", "queue": the servers' URLs, "workerTypes": {name: {"max": capacity, "sizes": {instance
type: capacity}}}, "seed", "iterations": how many to run to their end, "kills": how many to kill, "rate": how many of the
calls to EC2 go wrong}. Some time goes by from one iteration to the next.

After each: every instance that EC2 holds has its launch in the database, in a state that says that it lives, and no
worker type has more capacity alive than it may have. At the end, when nothing goes wrong any more, the tasks that wait
are served and every launch comes to its final state. Prints what happened as JSON; an invariant that broke ends it.
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

wish = json.load(sys.stdin)
worker_types = wish["workerTypes"]
chance = random.Random(wish["seed"])
statistics = collections.Counter()
offset = 0
checked_in = set()
broken = set()
strangers = set()
# What the last iteration that missed an answer had to say.
complaint = None
# How long EC2 shows what was terminated, in seconds; an hour in truth, and less here to keep answers short.
SHOWN_AFTER_THE_END = 1200
# Exit codes of sysexits: all worked; a service was not to be had.
FINE, UNAVAILABLE = 0, 69


class Broken(Exception):
    """An invariant does not hold."""


def environment():
    return {
        **wish["environment"], "PATH": "/usr/bin:/bin", "LD_PRELOAD": wish["clock"], "CLOCK_OFFSET": str(offset),
    }


def post(url, document):
    request = urllib.request.Request(url + "/_control", data=json.dumps(document).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.load(answer)


def ec2(**wishes):
    answer = post(wish["ec2"], wishes)
    if answer["problems"]:
        raise Broken(answer["problems"])
    return answer


def instances(**wishes):
    """What EC2 holds of the provisioner's, after something was done to it."""
    held = ec2(**wishes)["instances"]
    if not strangers <= {one["id"] for one in held if one["state"] == "running"}:
        raise Broken("a stranger was touched")
    return [one for one in held if one["id"] not in strangers]


def rows():
    database = sqlite3.connect("file:%s?mode=ro" % wish["database"], uri=True, timeout=30)
    try:
        return {row[0]: row[1:] for row in database.execute("SELECT id, state, worker_type, instance_id FROM launches")}
    finally:
        database.close()


def size(instance, worker_type):
    return worker_types[worker_type]["sizes"][instance["type"]]


def check(after):
    """Holds what EC2 has against the database; gives what EC2 has."""
    held = instances()
    launches = rows()
    capacities = collections.Counter()
    for instance in held:
        launch = launches.get(instance["launch"])
        if launch is None:
            raise Broken("%s: %s is not known: launch %s has no row" % (after, instance["id"], instance["launch"]))
        state, worker_type, _ = launch
        if instance["state"] in ("pending", "running"):
            if state not in ("stored", "submitted", "visible"):
                raise Broken("%s: %s lives, and its launch %s is %s" % (after, instance["id"], instance["launch"], state))
            capacities[worker_type] += size(instance, worker_type)
        elif instance["state"] in ("stopping", "stopped"):
            raise Broken("%s: %s is only stopped" % (after, instance["id"]))
    for worker_type, capacity in capacities.items():
        if capacity > worker_types[worker_type]["max"]:
            raise Broken("%s: %s has capacity %d" % (after, worker_type, capacity))
        statistics["most of " + worker_type] = max(statistics["most of " + worker_type], capacity)
    return held


def iterate(kill_after=None):
    """Runs an iteration; gives how long it took, or None when it was killed."""
    global complaint
    start = time.monotonic()
    process = subprocess.Popen(
        [wish["provisioner"], "iterate"], env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
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
    if process.returncode not in (FINE, UNAVAILABLE):
        raise Broken("an iteration exits %d: %s" % (process.returncode, errors[-3000:]))
    statistics["iterations"] += 1
    statistics["iterations with failed calls"] += process.returncode == UNAVAILABLE
    complaint = errors[-2000:] if process.returncode == UNAVAILABLE else None
    return time.monotonic() - start


def fetch_secret(token):
    answer = subprocess.run(
        [wish["api"]], env={
            **environment(), "GATEWAY_INTERFACE": "CGI/1.1", "REQUEST_METHOD": "GET", "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "SCRIPT_NAME": "", "PATH_INFO": "/v1/secret/" + token,
            "QUERY_STRING": ""}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    head, _, body = answer.stdout.decode().replace("\r\n", "\n").partition("\n\n")
    status = head.split("Status: ")[1][:3] if "Status: " in head else "200"
    return status, body


def check_in(instance):
    """A worker that came up fetches its secret, once."""
    data = json.loads(instance["userData"])
    status, body = fetch_secret(data["securityToken"])
    if status == "200":
        if json.loads(body)["data"] != {"s": "planted-worker-secret"}:
            raise Broken("a worker got another secret than its own")
        checked_in.add(instance["id"])
        statistics["workers"] += 1
    elif status == "404":
        statistics["came too late for their secret"] += 1
    else:
        raise Broken("the API answers %s to a worker: %s" % (status, body))


def workers(held):
    """Workers come up, end, are taken back; a few never come up. Gives those that end, and those taken back."""
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


def advance(seconds, **wishes):
    """Lets time go by, and gives what EC2 holds then."""
    global offset
    offset += seconds
    return instances(offset=offset, forget=SHOWN_AFTER_THE_END, **wishes)


def faults(number):
    """How the next iteration's calls go wrong."""
    rate = wish["rate"]
    # Now and then a day on which nearly nothing works, and one on which all does.
    day = chance.random()
    rate = 0 if day < 0.1 else min(1, rate * 4) if day > 0.95 else rate
    return {"rate": rate, "seed": "%s/%d" % (wish["seed"], number)} if rate else None


def troubled_times():
    typical = 0.3
    number = 0
    halting, interrupted = [], []
    while statistics["killed"] < wish["kills"] or statistics["iterations"] < wish["iterations"]:
        number += 1
        advance(
            chance.choice([30, 60, 60, 60, 120, 400]), faults=faults(number), shutDown=halting, interrupt=interrupted)
        post(wish["queue"], {"pending": load(), "offset": offset})
        if statistics["killed"] < wish["kills"] and chance.random() < 0.7:
            iterate(kill_after=chance.uniform(0, 1.1 * typical))
        else:
            typical = 0.7 * typical + 0.3 * min(2, iterate())
        halting, interrupted = workers(check("seed %s, iteration %d" % (wish["seed"], number)))


def serve_everybody():
    """Nothing goes wrong any more: what waits is served."""
    for instance in advance(0, faults=None):
        if instance["state"] == "running" and instance["id"] not in checked_in:
            check_in(instance)
    # The provisioner sees what ended on the bad days, and then every back-off ends.
    post(wish["queue"], {"offset": offset})
    iterate()
    advance(5 * 3600)
    waiting = {name: worker_type["max"] // 2 + 2 for name, worker_type in worker_types.items()}
    for number in range(60):
        if not any(waiting.values()):
            break
        post(wish["queue"], {"pending": waiting, "offset": offset})
        iterate()
        held = check("seed %s, serving %d" % (wish["seed"], number))
        launches = rows()
        done = []
        for instance in held:
            if instance["state"] != "running":
                continue
            if instance["id"] not in checked_in:
                check_in(instance)
            elif launches[instance["launch"]][1] in waiting:
                worker_type = launches[instance["launch"]][1]
                waiting[worker_type] = max(0, waiting[worker_type] - size(instance, worker_type))
                done.append(instance["id"])
        advance(60, shutDown=done)
    if any(waiting.values()):
        raise Broken("seed %s: tasks still wait: %s; %s" % (wish["seed"], waiting, complaint))
    statistics["iterations to serve all"] = number


def come_to_rest():
    """Nothing is wanted any more: every launch comes to its end."""
    post(wish["queue"], {"pending": {name: 0 for name in worker_types}, "offset": offset})
    held = advance(0, shutDown=list(checked_in))
    for _ in range(10):
        iterate()
        unfinished = {id: row for id, row in rows().items() if row[0] not in ("failed", "lost", "ended")}
        if not unfinished and all(one["state"] == "terminated" for one in held):
            break
        post(wish["queue"], {"offset": offset + 600})
        held = advance(600)
    else:
        raise Broken("seed %s: not at rest: %s; %s" % (wish["seed"], unfinished, complaint))
    for state, *_ in rows().values():
        statistics["launches that " + {"failed": "failed", "lost": "were lost", "ended": "ended"}[state]] += 1


def integrity():
    database = sqlite3.connect("file:%s?mode=ro" % wish["database"], uri=True, timeout=30)
    found = database.execute("PRAGMA integrity_check").fetchall()
    database.close()
    if found != [("ok",)]:
        raise Broken("the database: %s" % found)


try:
    strangers = {one["id"] for one in ec2()["instances"]}
    troubled_times()
    serve_everybody()
    come_to_rest()
    check("seed %s, at rest" % wish["seed"])
    integrity()
    told = ec2()
    statistics["calls to EC2"] = sum(told["calls"].values())
    statistics["faults"] = sum(told["faults"].values())
    print(json.dumps({**statistics, "kinds of faults": told["faults"]}))
except Broken as problem:
    print(json.dumps({**statistics, "broken": str(problem)}))
    sys.exit(1)
