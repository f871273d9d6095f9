"""Scenarios of the comparison of policies, and their replays by `aws-provisioner simulate`."""

import concurrent.futures
import csv
import dataclasses
import datetime
import gzip
import json
import statistics
import subprocess
import sys

LEAST, CHANCE, CHEAPEST = "least-cost", "random-zone", "cheapest-pool"
SHAPES = ("steady", "diurnal", "bursts", "push-storm")
LOADS = ("gecko-3-b-linux", "gecko-t-t-linux-metal", "mobile-3-b-linux-large")
REGIONS = ("us-east-1", "eu-west-1")
BOTH = "both regions"
# The recordings of the regions do not overlap: one is shifted by this number of days.
SHIFT = 364
DAY = datetime.timedelta(days=1)

EXPONENTS = tuple(f"{LEAST}+idle={tenths / 10:g}" for tenths in range(6))
# Without the limit of the capacity in one pool.
FULL_SHARE = f"{LEAST}:1"
# Numbers of intervals. Shares of the running capacity, and numbers of tasks.
ANTICIPATIONS = (0, 18, 36)
HEADROOMS = ("0", "10%", "40%", "45", "48")


def setting(anticipation, headroom="0"):
    """The policy with this anticipation and headroom."""
    parts = [LEAST]
    if anticipation:
        parts.append(f"anticipation={anticipation}")
    if headroom != "0":
        parts.append(f"headroom={headroom}")
    return "+".join(parts)


@dataclasses.dataclass
class Scenario:
    name: str
    # The recorded load, or the shape of the generated one.
    load: str
    region: str | None
    is_mixed: bool
    # [(label, arguments of simulate)]
    windows: list


class Totals:
    """Totals of one policy over the windows of a scenario."""

    def __init__(self, runs):
        self.usd = sum(run["costUsd"] for run in runs)
        self.hours = sum(run["taskHours"] for run in runs)
        self.lost = sum(run["lostTaskHours"] for run in runs)
        self.wait = statistics.mean(run["waitSeconds"]["percentile95"] for run in runs)
        self.idle = statistics.mean(run["idleShare"] for run in runs)
        self.launches = sum(run["launches"] for run in runs)
        self.unfinished = sum(run["unfinishedTasks"] for run in runs)
        hindsight = [run["hindsight"] for run in runs]
        self.same_fleet = sum(each["sameFleetUsd"] for each in hindsight)
        self.above = self.usd / sum(each["boundUsd"] for each in hindsight) - 1
        self.above_whole = self.usd / sum(each["wholeBoundUsd"] for each in hindsight) - 1


class Program:
    """The program, with options for each of its replays."""

    def __init__(self, path, jobs, options):
        self.path = path
        self.options = options
        self.pool = concurrent.futures.ThreadPoolExecutor(jobs)
        self.parameters = {name for name in ("anticipation", "headroom") if self.knows(name)}

    def knows(self, parameter):
        """Whether a policy can have a parameter."""
        arguments = ["simulate", "--hours", "1", "--policy", f"{LEAST}+{parameter}=0"]
        return subprocess.run([self.path, *arguments], capture_output=True).returncode == 0

    @property
    def settings(self):
        """The policies with each combination of anticipation and headroom that the program knows."""
        anticipations = ANTICIPATIONS if "anticipation" in self.parameters else (0,)
        headrooms = HEADROOMS if "headroom" in self.parameters else ("0",)
        return [setting(anticipation, headroom) for anticipation in anticipations for headroom in headrooms]

    def output(self, arguments, policies):
        command = [self.path, "simulate", "--json", "--policy", *policies, *arguments, *self.options]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode:
            sys.exit(f"{' '.join(command)}: {run.stderr.strip()}")
        return run.stdout

    def replay(self, arguments, policies):
        """The figures of policies by name."""
        document = json.loads(self.output(arguments, policies))
        return {policy["policy"]: policy for policy in document["policies"]}

    def policies(self, scenario):
        own = EXPONENTS if scenario.is_mixed else (FULL_SHARE,)
        return list(dict.fromkeys([LEAST, CHANCE, CHEAPEST, *own, *self.settings]))

    def totals(self, scenarios):
        """The totals of each policy by name, for each scenario in order."""
        futures = [
            [self.pool.submit(self.replay, arguments, self.policies(scenario)) for _, arguments in scenario.windows]
            for scenario in scenarios
        ]
        for scenario, windows in zip(scenarios, futures):
            runs = [window.result() for window in windows]
            yield scenario, {name: Totals([run[name] for run in runs]) for name in runs[0]}


def generated(seeds):
    """Scenarios of generated prices and loads: four days, a window for each seed."""
    for shape in SHAPES:
        for is_mixed in (False, True):
            sizes = "--mixed" if is_mixed else "--no-mixed"
            arguments = ["--generate", shape, "--hours", "96", sizes]
            windows = [(f"seed {seed}", [*arguments, "--seed", str(seed)]) for seed in range(1, seeds + 1)]
            yield Scenario(f"generated, {shape}, {named(is_mixed)}", shape, None, is_mixed, windows)


def named(is_mixed):
    return "sizes mixed" if is_mixed else "one size"


def recorded(data, every):
    """Scenarios of recorded prices and loads: a window each `every` days."""
    spans = {region: span(data, region) for region in REGIONS}
    moved = [end + SHIFT * DAY for end in spans[REGIONS[0]]]
    other = spans[REGIONS[1]]
    spans[BOTH] = [max(moved[0], other[0]), min(moved[1], other[1])]
    for load in LOADS:
        length = duration(load_file(data, load))
        for is_mixed in (False, True):
            for region, (first, last) in spans.items():
                arguments = ["--load", str(load_file(data, load)), "--mixed" if is_mixed else "--no-mixed"]
                arguments += price_arguments(data, region)
                windows = []
                # A pool is not offered before its first price: the first window begins a day into them.
                start = (first + DAY).replace(microsecond=0)
                while start + length <= last:
                    windows.append((f"{start:%Y-%m-%d}", [*arguments, "--start", f"{start:%Y-%m-%dT%H:%M:%SZ}"]))
                    start += every * DAY
                yield Scenario(f"recorded, {load}, {named(is_mixed)}, {region}", load, region, is_mixed, windows)


def load_file(data, load):
    return data / "task-load" / f"{load}.csv.gz"


def price_arguments(data, region):
    names = REGIONS if region == BOTH else (region,)
    files = [str(data / "spot-prices" / f"{name}.csv.gz") for name in names]
    return ["--prices", *files, *(["--shift", f"{REGIONS[0]}={SHIFT}"] if region == BOTH else [])]


def span(data, region):
    """The first and last time of recorded prices."""
    with gzip.open(data / "spot-prices" / f"{region}.csv.gz", "rt") as file:
        times = [row["timestamp"] for row in csv.DictReader(file)]
    return [datetime.datetime.fromisoformat(time.replace("Z", "+00:00")) for time in (min(times), max(times))]


def duration(path):
    with gzip.open(path, "rt") as file:
        return datetime.timedelta(
            seconds=max(float(row["arrival_s"]) + float(row["duration_s"]) for row in csv.DictReader(file))
        )
