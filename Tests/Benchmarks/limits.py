"""Measures the limits of a large deployment with the release programs, and prints each figure with its bound.

limits.py --programs FOLDER [--iterations N] [--only TEXT]: FOLDER contains aws-provisioner, aws-provisioner-status and
libMovedClock.so. The quiet deployment runs N iterations, a minute apart in shifted time. Exits with 1 if a bound is missed.
"""
import argparse
import json
import multiprocessing
import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import services

HERE = pathlib.Path(__file__).parent
REGIONS = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1", "eu-west-2", "eu-central-1", "ap-south-1"]
TYPES = ["c5.xlarge", "m5.xlarge", "r5.xlarge"]
OWNER = "limits"
WORKER_TYPES = 1000
INSTANCES = 20_000
MB = 1_000_000
missed = []


def report(name, value, unit, bound):
    """Prints a figure and compares it with its bound; None for a figure without one."""
    kept = bound is None or value <= bound
    if not kept:
        missed.append(name)
    print("%-72s %10.2f %-5s %s" % (
        name, value, unit, "" if bound is None else "at most %g: %s" % (bound, "kept" if kept else "BROKEN")), flush=True)


def launch(number, names, regions, now):
    """Returns the row of a launch whose worker checked in."""
    region = regions[number % len(regions)]
    created = int((now - 3600) * 1000)
    return {
        "id": "launch-%d" % number, "worker_type": names[number % len(names)], "definition_modified": created,
        "iteration": 1, "region": region, "availability_zone": region + "abc"[number // 8 % 3],
        "instance_type": TYPES[number // 24 % 3], "capacity": 1, "market": "spot", "mode": "run-instances",
        "spot_price": 10**8, "effective_price": 10**8, "bid_price": 2 * 10**8, "created_at": created,
        "secret_expires": created + 2_400_000, "state": "visible", "instance_id": "i-%017x" % number,
        "seen_at": created, "checked_in_at": created + 60_000, "started_at": created}


def write_fleet(path, names, regions, instances, now):
    """Writes the fleet that the services show."""
    parts = {region: [] for region in regions}
    for row in (launch(number, names, regions, now) for number in range(instances)):
        tags = [("Owner", OWNER), ("WorkerType", "%s/%s" % (OWNER, row["worker_type"])), ("Name", row["worker_type"]),
                ("LaunchId", row["id"])]
        parts[row["region"]].append(services.instance(
            row["instance_id"], row["id"], row["instance_type"], row["availability_zone"], tags,
            time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(row["created_at"] / 1000))))
    pathlib.Path(path).write_text(json.dumps({
        "regions": regions, "zones": "abc", "types": TYPES,
        "instances": [{"region": region, "items": items} for region, items in parts.items()]}))


def store_launches(path, names, regions, instances, now):
    """Stores the launches of the fleet."""
    connection = sqlite3.connect(path)
    for row in (launch(number, names, regions, now) for number in range(instances)):
        connection.execute(
            "INSERT INTO launches (%s) VALUES (%s)" % (", ".join(row), ", ".join("?" * len(row))), list(row.values()))
    connection.commit()
    connection.close()


def in_another_process(function, *arguments):
    """Calls a function in a process of its own: the peak memory of a started program includes that of its parent."""
    process = multiprocessing.get_context("spawn").Process(target=function, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        sys.exit("%s failed" % function.__name__)


class Deployment:
    """A database, services and settings."""

    def __init__(self, programs, worker_types, instances=0, max_capacity=1000, regions=REGIONS):
        self.programs = programs
        self.regions = regions
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.database = self.folder / "provisioner.sqlite"
        self.names = ["worker-type-%d" % number for number in range(worker_types)]
        parts = (self.names, regions, instances, time.time())
        fleet = str(self.folder / "fleet.json")
        in_another_process(write_fleet, fleet, *parts)
        self.server = subprocess.Popen(
            [sys.executable, HERE / "services.py", fleet], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = "http://127.0.0.1:" + self.server.stdout.readline().strip()
        self.offset = 0
        self.environment = {
            **os.environ, "AWS_PROVISIONER_DATABASE": str(self.database), "AWS_PROVISIONER_ID": OWNER,
            "AWS_PROVISIONER_BASE_URL": "https://provisioner.example.com/v1",
            "AWS_PROVISIONER_REGIONS": ",".join(regions), "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "limits", "AWS_SECRET_ACCESS_KEY": "limits", "TASKCLUSTER_ROOT_URL": self.url,
            "TASKCLUSTER_CLIENT_ID": "limits", "TASKCLUSTER_ACCESS_TOKEN": "limits",
        }
        self.run("init")
        self.apply(max_capacity)
        in_another_process(store_launches, str(self.database), *parts)

    def apply(self, max_capacity):
        part = {"launchSpec": {}, "userData": {}, "secrets": {}, "scopes": []}
        for number, name in enumerate(self.names):
            (self.folder / (name + ".json")).write_text(json.dumps({
                **part, "minCapacity": 0, "maxCapacity": max_capacity, "scalingRatio": 0.1, "minPrice": 0, "maxPrice": 1,
                "instanceTypes": [{**part, "instanceType": kind, "capacity": 1, "utility": 1} for kind in TYPES],
                "regions": [{**part, "region": self.regions[(number + step * 3) % len(self.regions)],
                             "launchSpec": {"ImageId": "ami-12c6146b"}} for step in range(2)],
                "description": "for a benchmark", "owner": "owner@example.com"}))
        self.run("worker-type", "apply", "--offline", *(str(self.folder / (name + ".json")) for name in self.names))

    def control(self, **change):
        urllib.request.urlopen(self.url + "/_control", data=json.dumps(change).encode()).read()

    def pass_time(self, seconds):
        self.offset += seconds
        self.control(offset=self.offset)
        self.environment.update(
            LD_PRELOAD=str(self.programs / "libMovedClock.so"), CLOCK_OFFSET=str(self.offset))

    def run(self, *arguments, program="aws-provisioner", statuses=(0,), **environment):
        """Runs a program, and returns its figures."""
        with open(self.folder / "output", "wb") as output, open(self.folder / "errors", "wb") as errors:
            begin = time.perf_counter()
            process = subprocess.Popen(
                [self.programs / program, *arguments], env={**self.environment, **environment}, stdout=output,
                stderr=errors)
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            seconds = time.perf_counter() - begin
            with open("/proc/%d/io" % process.pid) as file:
                written = int(next(line.split()[1] for line in file if line.startswith("wchar")))
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in statuses:
            sys.exit("%s ended with %d: %s" % (
                " ".join([program, *arguments[:2]]), process.returncode, (self.folder / "errors").read_text()[-2000:]))
        return {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "MiB": usage.ru_maxrss / 1024,
                "written": written}

    def size(self):
        """The bytes of the pages in use."""
        connection = sqlite3.connect(self.database)
        pages, free, size = (connection.execute("PRAGMA " + name).fetchone()[0]
                             for name in ("page_count", "freelist_count", "page_size"))
        connection.close()
        return (pages - free) * size

    def close(self):
        self.server.stdin.close()
        self.server.wait()
        shutil.rmtree(self.folder)


class LockWait:
    """The longest time in which another program cannot begin to write, in milliseconds; tried each millisecond."""

    def __init__(self, database):
        self.database = database
        self.longest = 0.0
        self.is_over = False

    def __enter__(self):
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over = True
        self.thread.join()

    def watch(self):
        connection = sqlite3.connect(self.database, timeout=0, isolation_level=None)
        since = time.perf_counter()
        while not self.is_over:
            try:
                connection.execute("BEGIN IMMEDIATE")
                self.longest = max(self.longest, (time.perf_counter() - since) * 1e3)
                connection.execute("ROLLBACK")
                time.sleep(0.001)
                since = time.perf_counter()
            except sqlite3.OperationalError:
                time.sleep(0.001)


def backlog(programs, _):
    """A backlog of 3 x 100,000 tasks in two regions, and in eight."""
    for regions, bound in ((REGIONS[:2], 1), (REGIONS, None)):
        deployment = Deployment(programs, 3, max_capacity=1_000_000, regions=regions)
        deployment.control(pending={name: 100_000 for name in deployment.names})
        deployment.run("iterate")
        before = deployment.size()
        with LockWait(deployment.database) as wait:
            figures = deployment.run("iterate")
        name = "backlog of 300,000 tasks, %d regions: " % len(regions)
        report(name + "growth of the database", (deployment.size() - before) / MB, "MB", bound)
        report(name + "peak memory", figures["MiB"], "MiB", 150)
        report(name + "longest wait for the write lock", wait.longest, "ms", 200)
        report(name + "time", figures["seconds"], "s", None)
        report(name + "CPU time", figures["cpu"], "s", None)
        deployment.close()


def large(programs, iterations):
    """1,000 worker types and 20,000 instances: an iteration, then a quiet hour, then the reports of it."""
    deployment = Deployment(programs, WORKER_TYPES, INSTANCES)
    deployment.control(pending={}, delay=0.1)
    deployment.run("iterate")
    scale(deployment, "quiet")
    quiet(deployment, iterations)
    reports(deployment)
    deployment.control(pending={name: 4 for name in deployment.names[:50]}, delay=0.1)
    scale(deployment, "50 of them buy")
    deployment.close()


def scale(deployment, title):
    deployment.pass_time(60)
    with LockWait(deployment.database) as wait:
        figures = deployment.run("iterate")
    name = "20,000 instances, 100 ms a Queue call, %s: " % title
    report(name + "time", figures["seconds"], "s", 6)
    report(name + "CPU time", figures["cpu"], "s", 2)
    report(name + "peak memory", figures["MiB"], "MiB", 150)
    report(name + "longest wait for the write lock", wait.longest, "ms", 200)


def quiet(deployment, iterations):
    deployment.control(pending={}, delay=0)
    deployment.pass_time(60)
    deployment.run("iterate")
    before, written, longest = deployment.size(), 0, 0.0
    for _ in range(iterations):
        deployment.pass_time(60)
        with LockWait(deployment.database) as wait:
            written += deployment.run("iterate")["written"]
        longest = max(longest, wait.longest)
    day = 1440 / max(1, iterations) / MB
    report("1,000 quiet worker types: growth of the database a day", (deployment.size() - before) * day, "MB", 30)
    report("1,000 quiet worker types: bytes of write calls a day", written * day, "MB", None)
    report("1,000 quiet worker types: longest wait for the write lock", longest, "ms", 200)


def reports(deployment):
    """The commands and pages that operators read, with the iterations of a day."""
    connection = sqlite3.connect(deployment.database)
    connection.execute("""
        WITH RECURSIVE minutes (ago) AS (SELECT 1 UNION ALL SELECT ago + 1 FROM minutes WHERE ago < 1440)
        INSERT INTO iterations (started_at, finished_at, outcome, dry_run, summary)
        SELECT started_at - ago * 60000, finished_at - ago * 60000, outcome, dry_run, summary FROM minutes, (
            SELECT * FROM iterations WHERE finished_at IS NOT NULL ORDER BY length(summary) DESC LIMIT 1)""")
    connection.commit()
    connection.close()
    for arguments in (["events", "--since", "1d"], ["status"], ["status", "--json"], ["instances"]):
        figures = deployment.run(*arguments)
        name = "1,000 worker types: " + " ".join(arguments)
        report(name, figures["seconds"], "s", 1 if arguments[0] != "instances" else None)
        report(name + ", CPU time", figures["cpu"], "s", None)
        report(name + ", peak memory", figures["MiB"], "MiB", 150)
    for path in ("/", "/worker-type/worker-type-1"):
        figures = deployment.run(
            program="aws-provisioner-status", REQUEST_METHOD="GET", PATH_INFO=path, SCRIPT_NAME="",
            REQUEST_URI=path, HTTP_HOST="localhost", SERVER_NAME="localhost", REMOTE_USER="operator")
        status = (deployment.folder / "output").read_bytes()[:40]
        if b"Status: 200" not in status:
            sys.exit("the status page returns %r" % status)
        report("1,000 worker types: status page " + path, figures["seconds"], "s", 1)
        report("1,000 worker types: status page " + path + ", CPU time", figures["cpu"], "s", None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", required=True, type=pathlib.Path)
    parser.add_argument("--iterations", type=int, default=60)
    parser.add_argument("--only", default="", help="part of the name of a scenario: backlog or large")
    arguments = parser.parse_args()
    for scenario in (backlog, large):
        if arguments.only in scenario.__name__:
            scenario(arguments.programs.resolve(), arguments.iterations)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
