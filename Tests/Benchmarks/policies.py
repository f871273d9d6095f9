"""A row for each policy of one scenario, and whether least-cost keeps the targets."""

import json
import sys

name, path = sys.argv[1:]
with open(path) as file:
    policies = {policy["policy"]: policy for policy in json.load(file)["policies"]}
least, chance, cheapest = (policies[key] for key in ("least-cost", "random-zone", "cheapest-pool"))

print(f"\n{name}")
print(f"{'':16}{'USD':>10}{'USD/task-h':>12}{'wait 95%':>10}{'idle':>8}{'launches':>10}{'above bound':>13}")
for key, policy in policies.items():
    print(
        f"{key:16}{policy['costUsd']:10.2f}{policy['costPerTaskHourUsd']:12.4f}"
        f"{policy['waitSeconds']['percentile95']:10.0f}{policy['idleShare']:8.1%}{policy['launches']:10}"
        f"{policy['hindsight']['aboveBound']:13.1%}"
    )


def target(text, is_kept):
    print(f"  {'kept  ' if is_kept else 'MISSED'} {text}")


saved = 1 - least["costUsd"] / chance["costUsd"]
target(f"25 % cheaper than random-zone: {saved:.1%}", saved >= 0.25)
# What no choice of pools can exceed: random-zone's own instances, each in the pool that turned out cheapest.
most = 1 - chance["hindsight"]["sameFleetUsd"] / chance["costUsd"]
print(f"         (of random-zone's instances, bought where they turned out cheapest: {most:.1%})")
target(
    f"not dearer than cheapest-pool: {least['costUsd'] / cheapest['costUsd'] - 1:+.2%}",
    least["costUsd"] <= cheapest["costUsd"] * (1 + 1e-9),
)
waits = [policy["waitSeconds"]["percentile95"] for policy in (least, chance, cheapest)]
target(f"wait 95 % not longer: {waits[0]:.0f} s, {waits[1]:.0f} s, {waits[2]:.0f} s", waits[0] <= min(waits[1:]))
above = least["hindsight"]["aboveBound"]
target(f"within 15 % of the bound of hindsight: {above:.1%}", above <= 0.15)
