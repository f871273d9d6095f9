"""What README.md and the files beside it tell an operator to put into a configuration, word for word, for tests to serve with."""
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent


def block(section, *words):
    """The fenced block of a README's section that has all those words in it: exactly one has."""
    text = (ROOT / "README.md").read_text().split("\n### %s\n" % section)[1].split("\n### ")[0]
    found = [fenced.split("\n", 1)[1] for fenced in text.split("```")[1::2] if all(word in fenced for word in words)]
    assert len(found) == 1, (section, words, found)
    return found[0]


def placed(text, places):
    """The text with other paths. Each has to be in it: else it says something else than a test believes."""
    for path, actual in places.items():
        assert path in text, (path, text)
        text = text.replace(path, actual)
    return text
