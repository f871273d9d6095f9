"""tagged_suites.py TAG...: prints a regular expression for swift test that matches the suites with one of the tags."""
import pathlib
import re
import sys

tests = pathlib.Path(__file__).resolve().parents[2]
suite = re.compile(r"^ *@Suite\((?P<traits>.*?)\)\s*(?:public |final )*(?:struct|class|actor|enum|extension) (?P<name>\w+)",
                   re.MULTILINE | re.DOTALL)
wanted = set(sys.argv[1:])
names = set()
for path in sorted(tests.rglob("*.swift")):
    for match in suite.finditer(path.read_text()):
        tags = re.search(r"\.tags\(([^)]*)\)", match["traits"])
        if tags and wanted & set(re.findall(r"\.(\w+)", tags[1])):
            names.add(match["name"])
print("|".join(r"[./]%s/" % name for name in sorted(names)))
