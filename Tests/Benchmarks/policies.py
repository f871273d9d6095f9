"""Replays scenarios under all policies, and compares the totals of their windows with the targets.

    policies.py [targets | regret | holds | tables] --program PROGRAM

`targets` (the default) prints all scenarios and each target with its figure, its bound, and whether it is kept; it exits with
1 if one is missed. `regret` prints the scenarios alone: the distance of the default to the best fixed exponent, and the
settings of anticipation and headroom that no other setting beats in both cost and 95 % wait. `holds` prints the targets at
recorded interruptions alone. `tables` prints the tables of the documentation.

Each window of a generated scenario has another seed. Each window of a recorded scenario begins some days after the
previous one.
"""

import argparse
import os
import pathlib
import sys

import policy_tables
import policy_targets
from policy_runs import CHANCE, EXPONENTS, LEAST, Program, generated, recorded

PARTS = ("targets", "regret", "holds", "tables")

parser = argparse.ArgumentParser()
parser.add_argument("--program", required=True)
parser.add_argument("--benchmarks", help="the program that measures decisions")
parser.add_argument("--data", type=pathlib.Path)
parser.add_argument("--every", type=int, default=28, help="days between recorded windows")
parser.add_argument("--seeds", type=int, default=3, help="windows of a generated scenario")
parser.add_argument("--jobs", type=int, default=os.cpu_count())
parser.add_argument("--only", default="", help="scenarios whose name contains this")


def pareto(totals, program):
    """The settings that no other setting beats in both cost and 95 % wait, by rising cost."""
    front = []
    for policy in sorted(program.settings, key=lambda policy: (totals[policy].usd, totals[policy].wait)):
        if not front or totals[policy].wait < totals[front[-1]].wait:
            front.append(policy)
    return front


def show(scenario, totals, program):
    """Prints one scenario."""
    chance, default = totals[CHANCE], totals[LEAST]
    print(f"\n{scenario.name}: {len(scenario.windows)} windows, totals")
    titles = ("USD", "USD/task-h", "wait 95%", "idle", "launches", "bound", "whole bound", "random-zone")
    print(f"{'':38}" + "".join(f"{title:>12}" for title in titles))
    for name, total in totals.items():
        print(
            f"  {name:36}{total.usd:12.2f}{total.usd / total.hours:12.4f}{total.wait:12.0f}{total.idle:12.1%}"
            f"{total.launches:12}{total.above:12.1%}{total.above_whole:12.1%}{total.usd / chance.usd - 1:12.1%}"
        )
    if scenario.is_mixed:
        best = min(EXPONENTS, key=lambda name: totals[name].usd)
        print(f"  regret: {policy_targets.regret(totals):.1%} above {best}")
    if program.parameters:
        print("  front of cost and 95 % wait, compared with the default:")
        for policy in pareto(totals, program):
            total = totals[policy]
            print(f"    {policy:36}{total.usd / default.usd - 1:+8.1%}{total.wait / default.wait - 1:+8.1%}")
    sys.stdout.flush()


def main():
    options, rest = parser.parse_known_args()
    part = next((word for word in rest if word in PARTS), PARTS[0])
    program = Program(options.program, options.jobs, [word for word in rest if word not in PARTS])
    if part == "tables":
        return policy_tables.show(program)
    data = options.data if options.data and (options.data / "spot-prices").is_dir() else None
    scenarios = list(generated(options.seeds))
    if data:
        scenarios += recorded(data, options.every)
    else:
        print(f"SKIPPED: recorded prices and loads: {options.data} does not exist", file=sys.stderr)
    for parameter in sorted({"anticipation", "headroom"} - program.parameters):
        print(f"SKIPPED: {parameter}: the program does not know +{parameter}=", file=sys.stderr)
    chosen = [scenario for scenario in scenarios if options.only in scenario.name and scenario.windows]
    results = []
    if part != "holds":
        for scenario, totals in program.totals(chosen):
            show(scenario, totals, program)
            results.append((scenario, totals))
    if part == "regret":
        return
    print("\nTargets")
    targets = []
    parts = (
        policy_targets.interruptions(program, data) if part == "holds"
        else policy_targets.all_targets(results, program, data, options.benchmarks)
    )
    for target in parts:
        print(target, flush=True)
        targets.append(target)
    sys.exit(0 if all(target.is_kept for target in targets) else 1)


main()
