"""The tables of replays in the documentation, as Markdown."""

from policy_runs import CHANCE, CHEAPEST, EXPONENTS, LEAST, Totals, generated, named
from policy_targets import regret, saving

STRATEGIES = (LEAST, "risk-adjusted", "diversified", CHANCE, CHEAPEST)


def table(titles, rows, texts=1):
    """Prints a table whose first columns are texts, and the others numbers."""
    print("| " + " | ".join(titles) + " |")
    print("|" + " --- |" * texts + " --: |" * (len(titles) - texts))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def policies(program, arguments, names):
    """One load under policies. Policies with the same figures share a line."""
    figures = program.replay(arguments, names)
    lines = {}
    for name in names:
        run = figures[name]
        total = Totals([run])
        cells = (
            f"{total.usd:.2f}", f"{total.usd / total.hours:.4f}", f"{total.wait:.0f}", f"{total.idle:.1%}",
            str(total.launches), f"{total.above:.1%}", f"{total.above_whole:.1%}",
            f"{total.usd / total.same_fleet - 1:.1%}",
        )
        lines.setdefault(cells, []).append(name)
    titles = (
        "policy", "USD", "USD a task-hour", "wait 95 %", "idle", "launches", "above the bound",
        "above the whole bound", "above the same fleet",
    )
    table(titles, [[", ".join(names), *(spaced(cell) for cell in cells)] for cells, names in lines.items()])


def spaced(text):
    return text.replace("%", " %")


def shapes(program):
    """Each generated load with three seeds: totals of the default."""
    rows = []
    for scenario, totals in program.totals(list(generated(3))):
        least, chance, cheapest = (totals[name] for name in (LEAST, CHANCE, CHEAPEST))
        rows.append(
            [scenario.load, named(scenario.is_mixed)] + [
                spaced(cell) for cell in (
                    f"{saving(least, chance):.1%}", f"{saving(least, cheapest):.1%}", f"{least.above:.1%}",
                    f"{least.above_whole:.1%}", f"{regret(totals):.1%}" if scenario.is_mixed else "-",
                    f"{least.wait:.0f} s", f"{chance.wait:.0f} s",
                )
            ]
        )
    titles = (
        "load", "sizes", "cheaper than random-zone", "cheaper than cheapest-pool", "above the bound",
        "above the whole bound", "above the best exponent", "wait 95 %", "that of random-zone",
    )
    table(titles, rows, texts=2)


def show(program):
    print("Simulation.md, one size: simulate --compare --no-mixed --hours 96\n")
    policies(program, ["--no-mixed", "--hours", "96"], STRATEGIES)
    print("\nSimulation.md, sizes mixed: simulate --compare --hours 96 --policy least-cost+idle=0\n")
    policies(program, ["--mixed", "--hours", "96"], (*STRATEGIES, EXPONENTS[0]))
    print("\nHindsightBound.md: generated loads of four days, totals of three seeds\n")
    shapes(program)
