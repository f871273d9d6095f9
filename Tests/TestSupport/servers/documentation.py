"""Reads the configurations and commands that the documentation shows, so that tests use exactly these."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
README = "README.md"


def article(name):
    """The path of an article of the operator's guide."""
    return "Sources/Commands/Commands.docc/%s.md" % name


def section(path, heading):
    """The lines of a section, up to the next heading of the same or a higher level."""
    lines, level, fenced = [], 0, False
    for line in (ROOT / path).read_text().splitlines(keepends=True):
        if line.startswith("```"):
            fenced = not fenced
        found = None if fenced else re.match(r"(#+) (.*)\n", line)
        if found and level and len(found[1]) <= level:
            break
        if level:
            lines.append(line)
        elif found and found[2] == heading:
            level = len(found[1])
    assert level, (path, heading)
    return "".join(lines)


def block(path, heading, *words):
    """The only fenced block of a section that contains all of the words."""
    fences = re.findall(r"^```\w*\n(.*?)^```$", section(path, heading), re.MULTILINE | re.DOTALL)
    found = [fenced for fenced in fences if all(word in fenced for word in words)]
    assert len(found) == 1, (path, heading, words, found)
    return found[0]


def replaced(text, replacements):
    """The text with other paths. Each path must occur in it: otherwise the documentation shows another one."""
    for path, actual in replacements.items():
        assert path in text, (path, text)
        text = text.replace(path, actual)
    return text
