"""Prints the results of the benchmarks as ratios, with their bounds."""
import json
import sys

folder = sys.argv[1]
ours = json.load(open(folder + "/ours.json"))
theirs = float(open(folder + "/theirs").read())
floor, help_, list_ = [result["median"] for result in json.load(open(folder + "/start.json"))["results"]]
kept = True


def line(name, value, unit, bound, is_kept):
    global kept
    kept = kept and is_kept
    print("%-66s %8.2f %-4s %s: %s" % (name, value, unit, bound, "kept" if is_kept else "BROKEN"))


print("%(workerTypes)d worker types, %(instances)d instances, %(prices)d pools, %(bids)d bids decided" % ours)
print("deciding %.3f s, reading %.3f s; botocore reading %.3f s" % (ours["deciding"], ours["reading"], theirs))
ratio = theirs / ours["deciding"]
line("botocore's reading / own deciding", ratio, "x", "at least 20", ratio >= 20)
ratio = theirs / (ours["deciding"] + ours["reading"])
line("botocore's reading / own reading and deciding", ratio, "x", "at least 1", ratio >= 1)
line("peak memory of reading and deciding", ours["peakMiB"], "MiB", "at most 200", ours["peakMiB"] <= 200)
for strategy, seconds in ours["choosing"].items():
    line("choosing 2000 of 1000 pools, " + strategy, seconds * 1e3, "ms", "at most 10", seconds <= 0.01)
ratio = ours["choosing"]["least-cost"] / ours["sorting"]
line("choosing 2000 of 1000 pools, least-cost / sorting them by price", ratio, "x", "at most 2", ratio <= 2)
ratio = ours["choosing"]["least-cost"] / ours["choosingOf100"]
line("choosing 2000 of 1000 pools / of 100, least-cost", ratio, "x", "at most 5", ratio <= 5)
honest = ours["honestBody"]
shapes = sorted(ours["hostileBodies"].items(), key=lambda shape: -shape[1])
print("parsing 1 MiB: honest %.1f ms; " % (honest * 1e3) + ", ".join("%s %.1f ms" % (name, s * 1e3) for name, s in shapes[:5]))
ratio = shapes[0][1] / honest
line("parsing 1 MiB of " + shapes[0][0] + " / of definitions", ratio, "x", "at most 3", ratio <= 3)
print("medians: floor %.2f ms, --help %.2f ms, worker-type list %.2f ms" % (floor * 1e3, help_ * 1e3, list_ * 1e3))
line("start of aws-provisioner --help / C program with SQLite", help_ / floor, "x", "at most 2.7", help_ / floor <= 2.7)
line("aws-provisioner worker-type list / C program with SQLite", list_ / floor, "x", "at most 6", list_ / floor <= 6)
c_request, request = [result["median"] for result in json.load(open(folder + "/request.json"))["results"]]
print("medians: C program %.2f ms, listWorkerTypes %.2f ms" % (c_request * 1e3, request * 1e3))
line("listWorkerTypes / C program", request / c_request, "x", "at most 2.3", request / c_request <= 2.3)
bare, nothing = [result["median"] for result in json.load(open(folder + "/rest.json"))["results"]]
print("of which: a Swift program that only prints %.2f ms, a 404 without a database %.2f ms" % (bare * 1e3, nothing * 1e3))
update = json.load(open(folder + "/update.json"))
print("medians: C program %.2f ms, updateWorkerType %.2f ms" % (update["floor"] * 1e3, update["ours"] * 1e3))
ratio = update["ours"] / update["floor"]
line("authenticated updateWorkerType / C program", ratio, "x", "at most 2.5", ratio <= 2.5)


def per_second(program):
    with open(folder + "/ab-" + program) as file:
        return next(float(text.split()[3]) for text in file if text.startswith("Requests per second"))


c_rate, rate = per_second("cgi_floor"), per_second("aws-provisioner-api")
print("requests a second under lighttpd, 8 at once: C program %.0f, listWorkerTypes %.0f" % (c_rate, rate))
line("listWorkerTypes a second / C program", rate / c_rate, "x", "at least 0.4", rate / c_rate >= 0.4)
sys.exit(0 if kept else 1)
