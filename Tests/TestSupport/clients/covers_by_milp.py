"""Compares choices of pools with those of an independent solver, scipy's milp (HiGHS).

Reads a list of choices from standard input, each with its pools, bounds, rules and chosen counts. Prints the problem of
each wrong choice, then the number of choices of each kind. The model is derived from the documentation, not from the
program: effective prices, limits, the order in which bounds are relaxed, risks, idle slots and levels.
"""
import collections
import json
import math
import sys
from fractions import Fraction

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp


def nanodollars(usd):
    return math.floor(usd * 1e9 + 0.5)


def solve(pools, limits, demand, ceiling):
    """The lowest total price in nanodollars, or None when no choice covers the demand."""
    if not pools or demand > ceiling:
        return None
    prices = numpy.array([pool["price"] for pool in pools], dtype=float)
    capacities = numpy.array([pool["capacity"] for pool in pools], dtype=float)
    result = milp(
        prices, integrality=numpy.ones(len(pools)), bounds=Bounds(0, numpy.array(limits, dtype=float)),
        constraints=LinearConstraint(capacities[None, :], demand, ceiling),
        # HiGHS's presolve returns a wrong optimum for some equalities: 4a + 6b + 9c = 51 with a <= 5, b <= 3, c <= 2.
        options={"mip_rel_gap": 0, "presolve": False})
    if result.status == 2:
        return None
    assert result.success, result.message
    # The solver returns floating point numbers: round them, and check the constraints again.
    counts = [round(value) for value in result.x]
    covered = sum(count * pool["capacity"] for count, pool in zip(counts, pools))
    assert demand <= covered <= ceiling and all(0 <= count <= limit for count, limit in zip(counts, limits))
    return sum(count * pool["price"] for count, pool in zip(counts, pools))


def share_limit(share, demand, pool):
    return max(1, math.ceil(share * demand / pool["capacity"]))


def strictest(pools, demand, headroom, share, listed):
    """The strictest feasible bounds: (price, share, demand, ceiling, kind of relaxation)."""
    smallest = min(pool["capacity"] for pool in pools)
    # Only the smallest listed instance may exceed maxCapacity.
    ceilings = [headroom] + ([max(headroom, demand) + smallest - 1] if smallest == listed else [])
    for passed, ceiling in enumerate(ceilings):
        fitting = [pool for pool in pools if pool["capacity"] <= ceiling]
        if not fitting:
            continue
        step = max(share, Fraction(1, len(fitting)))
        doublings = 0
        while True:
            price = solve(fitting, [share_limit(step, demand, pool) for pool in fitting], demand, ceiling)
            if price is not None:
                return price, step, demand, ceiling, ("passed" if passed else "doubled" if doublings else "kept")
            if step >= 1:
                break
            step, doublings = min(Fraction(1), 2 * step), doublings + 1
    if demand == 1:
        return 0, share, 0, headroom, "lowered"
    return strictest(pools, demand - 1, headroom, share, listed)[:4] + ("lowered",)


def judge(case):
    demand, share = case["demand"], Fraction(str(case["share"]))
    usable = []
    for pool in case["pools"]:
        effective = nanodollars(pool["spotPrice"] * pool["utility"])
        factor = pool["capacity"] ** case["idleExponent"]
        if case["strategy"] == "risk-adjusted":
            rate = (pool["interruptions"] + 0.05 * 100 / 730) / (pool["hours"] + 100)
            factor *= 1 + rate * (case["taskHours"] / 2 + 5 / 60)
        pool["price"] = nanodollars(effective / 1e9 * factor)
        if effective <= nanodollars(case["maxPrice"]) and not pool["backedOff"]:
            usable.append(pool)
    chosen = [pool for pool in case["pools"] if pool["count"]]
    if any(pool not in usable for pool in chosen):
        return "a pool that is not allowed", None
    if not usable:
        return (None if not chosen else "bought without pools"), "nothing to buy"
    listed = min(pool["capacity"] for pool in case["pools"])
    least, step, demand, ceiling, kind = strictest(usable, demand, case["headroom"], share, listed)
    covered = sum(pool["count"] * pool["capacity"] for pool in chosen)
    price = sum(pool["count"] * pool["price"] for pool in chosen)
    if not demand <= covered <= ceiling:
        return "covers %d, not from %d to %d" % (covered, demand, ceiling), kind
    limits = {id(pool): share_limit(step, demand, pool) for pool in usable}
    best = least
    if case["strategy"] == "diversified":
        everything = sum(pool["held"] for pool in case["pools"]) + demand
        for twentieths in range(2, 21):
            level = Fraction(twentieths, 20) * everything
            of_level = {
                id(pool): min(limits[id(pool)], max(0, math.ceil((level - pool["held"]) / pool["capacity"])))
                for pool in usable}
            fitting = [pool for pool in usable if pool["capacity"] <= ceiling]
            found = solve(fitting, [of_level[id(pool)] for pool in fitting], demand, ceiling)
            if found is not None and found <= nanodollars(least / 1e9 * (1 + case["premium"])):
                best, limits, kind = found, of_level, kind + ", level " + ("below 1" if twentieths < 20 else "1")
                break
    for pool in chosen:
        if pool["count"] > limits[id(pool)]:
            return "%d in one pool, where %d are allowed" % (pool["count"], limits[id(pool)]), kind
    return (None if price == best else "costs %d instead of %d" % (price, best)), kind


kinds = collections.Counter()
for number, case in enumerate(json.load(sys.stdin)):
    problem, kind = judge(case)
    kinds["%s, %s" % (case["strategy"], kind)] += 1
    if problem:
        print("choice %d (%s): %s" % (number, case["strategy"], problem))
for kind in sorted(kinds):
    print("%s: %d" % (kind, kinds[kind]))
