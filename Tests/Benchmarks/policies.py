"""Replays scenarios under all policies in several windows, and compares the totals of the windows with the targets.

Each window of a generated scenario has another seed. Each window of a recorded scenario begins some days after the
previous one. The script prints each window; only the totals count.
"""

import argparse
import concurrent.futures
import csv
import datetime
import gzip
import json
import os
import pathlib
import statistics
import subprocess
import sys

LEAST, EXACT, CHANCE, CHEAPEST = "least-cost", "least-cost+idle=0", "random-zone", "cheapest-pool"
LOADS = ("gecko-3-b-linux", "gecko-t-t-linux-metal", "mobile-3-b-linux-large")
# The recordings of the regions do not overlap: one is shifted by this number of days.
SHIFT = 364
DAY = datetime.timedelta(days=1)

parser = argparse.ArgumentParser()
parser.add_argument("--data", type=pathlib.Path)
parser.add_argument("--every", type=int, default=7, help="days between recorded windows")
parser.add_argument("--seeds", type=int, default=3, help="windows of a generated scenario")
parser.add_argument("--jobs", type=int, default=os.cpu_count())
parser.add_argument("--only", default="", help="scenarios whose name contains this")
parser.add_argument("--program")
options, passed_on = parser.parse_known_args()


def simulate(arguments):
    """The policies of one run by name, in order."""
    command = [options.program, "simulate", "--compare", "--policy", EXACT, "--json", *arguments, *passed_on]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{' '.join(command)}: {run.stderr.strip()}")
    return {policy["policy"]: policy for policy in json.loads(run.stdout)["policies"]}


def generated():
    for shape in ("steady", "diurnal", "bursts", "push-storm"):
        for sizes in (["--no-mixed"], ["--mixed"]):
            yield f"generated, {shape}, {'mixed' if '--mixed' in sizes else '4xlarge'}", [
                (f"seed {seed}", ["--generate", shape, "--hours", "96", "--seed", str(seed), *sizes])
                for seed in range(1, options.seeds + 1)
            ]


def times(path, column):
    with gzip.open(path, "rt") as file:
        values = [row[column] for row in csv.DictReader(file)]
    return min(values), max(values)


def recorded():
    spans = {}
    for region in ("us-east-1", "eu-west-1"):
        ends = times(options.data / "spot-prices" / f"{region}.csv.gz", "timestamp")
        spans[region] = [datetime.datetime.fromisoformat(end.replace("Z", "+00:00")) for end in ends]
    moved = [end + SHIFT * DAY for end in spans["us-east-1"]]
    spans["both regions"] = [max(moved[0], spans["eu-west-1"][0]), min(moved[1], spans["eu-west-1"][1])]
    for load in LOADS:
        path = options.data / "task-load" / f"{load}.csv.gz"
        with gzip.open(path, "rt") as file:
            ends = (float(row["arrival_s"]) + float(row["duration_s"]) for row in csv.DictReader(file))
            length = datetime.timedelta(seconds=max(ends))
        for sizes in (["--no-mixed"], ["--mixed"]):
            for region, (first, last) in spans.items():
                both = region == "both regions"
                names = ("us-east-1", "eu-west-1") if both else (region,)
                prices = [str(options.data / "spot-prices" / f"{name}.csv.gz") for name in names]
                flags = ["--prices", *prices, "--load", str(path), *sizes]
                flags += ["--shift", f"us-east-1={SHIFT}"] if both else []
                windows = []
                # A pool is not offered before its first price: the first window begins a day into them.
                start = (first + DAY).replace(microsecond=0)
                while start + length <= last:
                    windows.append((f"{start:%Y-%m-%d}", [*flags, "--start", f"{start:%Y-%m-%dT%H:%M:%SZ}"]))
                    start += options.every * DAY
                yield f"recorded, {load}, {'mixed' if '--mixed' in sizes else '4xlarge'}, {region}", windows


def saved(least, other):
    return 1 - least / other


class Totals:
    """Totals of one policy over the windows of a scenario."""

    def __init__(self, runs):
        self.usd = sum(run["costUsd"] for run in runs)
        self.hours = sum(run["taskHours"] for run in runs)
        self.wait = statistics.mean(run["waitSeconds"]["percentile95"] for run in runs)
        self.idle = statistics.mean(run["idleShare"] for run in runs)
        self.launches = sum(run["launches"] for run in runs)
        self.unfinished = sum(run["unfinishedTasks"] for run in runs)
        self.bound = sum(run["hindsight"]["boundUsd"] for run in runs)
        self.same_fleet = sum(run["hindsight"]["sameFleetUsd"] for run in runs)
        self.above = self.usd / self.bound - 1


def judge(runs, policy):
    """The targets of one policy: [(target, kept, figures)]."""
    total = {name: Totals([run[name] for run in runs]) for name in (policy, CHANCE, CHEAPEST)}
    own, chance, cheapest = total[policy], total[CHANCE], total[CHEAPEST]
    # The maximum of any choice of pools: the instances of random-zone, each in the cheapest pool in hindsight.
    most = saved(chance.same_fleet, chance.usd)
    return [
        (
            "25 % cheaper than random-zone",
            saved(own.usd, chance.usd) >= 0.25,
            f"{saved(own.usd, chance.usd):.1%} (maximum with its instances: {most:.1%})",
        ),
        (
            "not more expensive than cheapest-pool",
            own.usd <= cheapest.usd * (1 + 1e-9) and own.unfinished == 0,
            f"{own.usd / cheapest.usd - 1:+.2%}",
        ),
        (
            "wait 95 % not longer",
            own.wait <= min(chance.wait, cheapest.wait) + 1e-9,
            f"{own.wait:.0f} s; random-zone {chance.wait:.0f} s, cheapest-pool {cheapest.wait:.0f} s",
        ),
        ("within 15 % of the hindsight bound", own.above <= 0.15, f"{own.above:.1%}"),
    ]


def show(name, windows, runs):
    """Prints one scenario, and returns its results: [(policy, target, kept, scenario)]."""
    print(f"\n{name}: {len(runs)} windows, totals")
    print(f"{'':20}{'USD':>10}{'USD/task-h':>12}{'wait 95%':>10}{'idle':>8}{'launches':>10}{'above bound':>13}")
    for key in runs[0]:
        total = Totals([run[key] for run in runs])
        print(
            f"{key:20}{total.usd:10.2f}{total.usd / total.hours:12.4f}{total.wait:10.0f}{total.idle:8.1%}"
            f"{total.launches:10}{total.above:13.1%}"
        )
    results = []
    for policy in (LEAST, EXACT):
        print(f"  {policy}")
        alone = [judge([run], policy) for run in runs]
        for place, (target, kept, figures) in enumerate(judge(runs, policy)):
            count = sum(window[place][1] for window in alone)
            print(f"    {'kept  ' if kept else 'MISSED'} {target}: {figures}; alone in {count} of {len(runs)} windows")
            results.append((policy, target, kept, name))
    print("  each window: saving over random-zone / maximum; above the bound; wait 95 % (random-zone)")
    for (label, _), run in zip(windows, runs):
        chance, total = run[CHANCE], {policy: run[policy] for policy in (LEAST, EXACT)}
        most = saved(chance["hindsight"]["sameFleetUsd"], chance["costUsd"])
        parts = [
            f"{saved(each['costUsd'], chance['costUsd']):6.1%} / {most:5.1%}  {each['hindsight']['aboveBound']:6.1%}"
            f"  {each['waitSeconds']['percentile95']:4.0f} s ({chance['waitSeconds']['percentile95']:.0f} s)"
            for each in total.values()
        ]
        print(f"    {label:12}" + "   |   ".join(parts))
    sys.stdout.flush()
    return results


scenarios = list(generated())
if (options.data / "spot-prices").is_dir():
    scenarios += recorded()
else:
    print(f"SKIPPED: recorded prices and loads: {options.data} does not exist", file=sys.stderr)
results = []
with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
    chosen = [(name, windows) for name, windows in scenarios if options.only in name and windows]
    running = [[pool.submit(simulate, arguments) for _, arguments in windows] for _, windows in chosen]
    for (name, windows), futures in zip(chosen, running):
        results += show(name, windows, [future.result() for future in futures])

print("\nScenarios in which a target is kept by the totals over their windows")
targets = list(dict.fromkeys(target for _, target, _, _ in results))
for policy in (LEAST, EXACT):
    for target in targets:
        kept = [kept for each, name, kept, _ in results if (each, name) == (policy, target)]
        print(f"  {'kept  ' if all(kept) else 'MISSED'} {policy:20} {target}: {sum(kept)} of {len(kept)}")
# Only the default policy of a deployment counts.
sys.exit(0 if results and all(kept for policy, _, kept, _ in results if policy == LEAST) else 1)
