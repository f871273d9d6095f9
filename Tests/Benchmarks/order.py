"""The symbols of a program in the order of their first use, from a trace of `valgrind --tool=lackey --trace-mem=yes`.

order.py PROGRAM <TRACE: descriptors of types and protocols are left out. A look-up of a conformance passes by all of them.
"""
import bisect
import subprocess
import sys

addresses, names = [], []
for line in subprocess.run(["nm", "-n", sys.argv[1]], capture_output=True, text=True, check=True).stdout.splitlines():
    fields = line.split(" ", 2)
    if len(fields) == 3 and fields[0] and fields[1] in "tTwWdDbBrRvVu":
        addresses.append(int(fields[0], 16))
        names.append(fields[2])
# What lies far behind the last symbol is a shared library's, the heap or the stack.
end = addresses[-1] + (1 << 16)
seen = set()
for line in sys.stdin:
    if line[:2] not in ("I ", " L", " S", " M"):
        continue
    address = int(line[3:].split(",")[0], 16)
    index = bisect.bisect_right(addresses, address) - 1
    if address < end and index >= 0 and index not in seen:
        seen.add(index)
        if not names[index].endswith(("Mc", "WP", "Mn", "Mp")):
            print(names[index])
