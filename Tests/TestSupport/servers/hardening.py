"""Checks the release executables' protection against the exploitation of memory errors, as the linker left it.

hardening.py EXECUTABLE...: prints one line for each problem, and exits with 1 if there is one. Source: readelf(1), elf(5).
"""
import re
import subprocess
import sys

# The libraries of glibc, which cannot be linked statically. All others are linked as archives, or loaded on first use.
GLIBC = {"libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}


def problems_of(executable):
    """The problems of one executable, as texts."""
    listing = subprocess.run(["readelf", "--wide", "--dynamic", "--program-headers", executable], check=True,
                             stdout=subprocess.PIPE, text=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}).stdout
    entries = re.findall(r"^ *0x[0-9a-f]+ \((\w+)\) +(.*)$", listing, re.MULTILINE)
    names = {name for name, _ in entries}
    flags = " ".join(value for name, value in entries if name == "FLAGS_1").split()
    segments = {fields[0]: fields[6:-1] for fields in map(str.split, listing.splitlines()) if len(fields) >= 8}
    if "PIE" not in flags:
        yield "not position-independent"
    if "RELR" not in names:
        yield "relative relocations are not packed"
    if "GNU_RELRO" not in segments:
        yield "no RELRO"
    if "NOW" not in flags:
        yield "imported functions are resolved on first use (no BIND_NOW)"
    if {"RPATH", "RUNPATH"} & names:
        yield "has a run path"
    if "TEXTREL" in names:
        yield "relocations change the code"
    if "E" in "".join(segments.get("GNU_STACK", ["E"])):
        yield "executable stack"
    for library in (re.search(r"\[(.*)\]", value)[1] for name, value in entries if name == "NEEDED"):
        if library not in GLIBC:
            yield "needs the shared library " + library


def problems(executables):
    """The problems of all executables, each as a line that names the executable."""
    return ["%s: %s" % (executable, problem) for executable in executables for problem in problems_of(executable)]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: hardening.py EXECUTABLE...")
    found = problems(sys.argv[1:])
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)
