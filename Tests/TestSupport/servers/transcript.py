"""Runs the commands of the README and of the operator's guide in a clean Debian with systemd, as the users that the guide
names, and compares the exit codes; see Tests/deployment.

Each fenced block of the language `sh` is run, in the order of the files and of their lines: by root if a word of ROOT occurs
in it, else by the service user. A comment before a block changes that, with one instruction in each line:

    <!-- transcript
    skip REASON         the block is not run
    exit CODE           the expected exit code, instead of 0
    root                root runs the block
    prepare COMMAND     root runs the command before the block
    after COMMAND       root runs the command after the block
    replace A => B      the block is run with B in the place of A
    file PATH           the content of the block is written to the file
    append PATH         the content of the block is appended to the file
    settings            the block is the configuration file, which gets the values of the test
    -->
"""
import dataclasses
import re
import shlex
import shutil
import sys

import documentation
from deployment import image, root, say, work
from machine import ENVIRONMENT, OWN, Machine, Services, add_libraries, build_package, configure, prepare

# The service user runs the other blocks, as ServiceUser.md says.
ROOT = ("install ", "apt-get", "useradd", "systemctl", "/etc/", "cron/", "Tests/")
# The settings of AWS, after the installation.
ENVIRONMENT_IF_THERE = "[ ! -e /etc/aws-provisioner/environment ] || { %s}\n" % ENVIRONMENT.replace("\n", "; ")
INSTRUCTIONS = {"skip", "exit", "root", "prepare", "after", "replace", "file", "append", "settings"}


@dataclasses.dataclass
class Block:
    path: str
    line: int
    language: str
    text: str
    # (instruction, rest) in their order.
    instructions: list

    def all(self, name):
        return [rest for instruction, rest in self.instructions if instruction == name]

    def has(self, name):
        return bool(self.all(name))

    @property
    def place(self):
        return "%s:%d" % (self.path, self.line)

    @property
    def script(self):
        text = self.text
        for change in self.all("replace"):
            old, new = change.split(" => ", 1)
            text = documentation.replaced(text, {old: new})
        return text

    @property
    def is_of_root(self):
        return self.has("root") or self.path == documentation.README or any(word in self.text for word in ROOT)


def blocks(path):
    """The fenced blocks of a file that are run, or that an instruction names."""
    found, instructions, opened, comment = [], [], None, False
    for number, line in enumerate((root / path).read_text().splitlines(), 1):
        stripped = line.strip()
        if comment:
            comment = stripped != "-->"
            if comment:
                name, _, rest = stripped.partition(" ")
                assert name in INSTRUCTIONS, "%s:%d: unknown instruction %s" % (path, number, name)
                instructions.append((name, rest))
        elif stripped == "<!-- transcript":
            comment = True
        elif opened is None and stripped.startswith("```"):
            opened = Block(path, number, stripped[3:], "", instructions)
            indentation = line[:line.index("`")]
            instructions = []
        elif stripped == "```":
            if opened.language == "sh" or opened.instructions:
                found.append(opened)
            opened = None
        elif opened is not None:
            opened.text += line.removeprefix(indentation) + "\n"
    assert not instructions, "%s: an instruction without a block" % path
    return found


def files():
    """The README, and the articles in the order of the guide."""
    guide = "Sources/Commands/Commands.docc/"
    order = re.findall(r"^- \[[^]]*\]\((\w+)\.md\)", (root / guide / "Commands.md").read_text(), re.MULTILINE)
    articles = sorted(file.stem for file in (root / guide).glob("*.md"))
    assert set(order) | {"Commands"} == set(articles), set(articles) ^ set(order)
    return [documentation.README] + [documentation.article(name) for name in order]


class Transcript:
    def __init__(self, machine, services):
        self.machine, self.services = machine, services
        self.run, self.skipped, self.problems = 0, [], []

    def execute(self, block):
        if block.has("skip"):
            self.skipped.append("%s: %s" % (block.place, block.all("skip")[0]))
            return
        for command in block.all("prepare"):
            self.machine.do(ENVIRONMENT_IF_THERE + command)
        if block.has("settings"):
            configure(self.services)
        for name, mode in (("file", "w"), ("append", "a")):
            for path in block.all(name):
                with open(image / path.lstrip("/"), mode) as file:
                    file.write(block.text)
        if block.language == "sh":
            self.compare(block)
        for command in block.all("after"):
            self.machine.do(command)

    def compare(self, block):
        script = "set -e\n%scd\n%s" % (ENVIRONMENT_IF_THERE, block.script)
        if block.is_of_root:
            done = self.machine.run(script)
        else:
            # The service user cannot read the environment file.
            own = "set -e\ncd\n" + block.script
            done = self.machine.run("%sexport HOME=%s\nsu aws-provisioner -s /bin/sh -c %s" % (
                ENVIRONMENT_IF_THERE, OWN, shlex.quote(own)))
        expected = int((block.all("exit") or ["0"])[0])
        self.run += 1
        if done.returncode != expected:
            self.problems.append("%s: exit code %d instead of %d\n%s\n%s" % (
                block.place, done.returncode, expected, block.script, (done.stdout + done.stderr)[-3000:]))
            say("FAILED " + block.place)
        else:
            say("%s: %s" % (block.place, "root" if block.is_of_root else "aws-provisioner"))


def clone(package):
    """Puts the parts of a clone into root's folder. Its cron/package provides the package that this machine has built."""
    home = image / "root"
    for name in ("Tests", "cron"):
        shutil.copytree(root / name, home / name, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    shutil.copy(package, home / "cron")
    script = home / "cron/package"
    script.write_text('#!/bin/sh\nexec cp "$(dirname "$0")"/*.deb .\n')


def main():
    found = [block for path in files() for block in blocks(path)]
    package = build_package()
    prepare()
    add_libraries(package)
    clone(package)
    with Services() as services, Machine() as machine:
        services.control({"pending": {"build-linux": 3}})
        transcript = Transcript(machine, services)
        for block in found:
            transcript.execute(block)
    print("\n".join(transcript.problems))
    for skipped in transcript.skipped:
        say("not run: " + skipped)
    say("%d blocks run, %d not run, %d failed" % (transcript.run, len(transcript.skipped), len(transcript.problems)))
    if transcript.problems:
        sys.exit(1)
    print("passed")


if __name__ == "__main__":
    main()
