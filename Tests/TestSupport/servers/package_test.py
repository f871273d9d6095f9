"""Installs, upgrades, removes and purges the package in a clean Debian with systemd; see Tests/deployment."""
import re
import shutil
import sqlite3
import subprocess
import time

import documentation
from deployment import eventually, image, root, say, work
from machine import ENVIRONMENT, OWN, Machine, Services, add_libraries, build_package, configure, prepare

UNITS = "aws-provisioner.timer aws-provisioner-backup.timer aws-provisioner-api.service"
API = "http://127.0.0.1:8080/api/aws-provisioner/v1/"
PURGED = OWN + " is kept"


def next_version(package, number):
    """The same package as a later version, with another default configuration."""
    folder = work / "next"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["dpkg-deb", "--raw-extract", package, folder], check=True)
    control = folder / "DEBIAN/control"
    control.write_text(re.sub(r"^Version: .*$", r"\g<0>+%d" % number, control.read_text(), flags=re.MULTILINE))
    configuration = folder / "etc/aws-provisioner/config.json"
    configuration.write_text(configuration.read_text().replace("us-east-1", "us-west-%d" % number))
    path = work / ("next-%d.deb" % number)
    subprocess.run(["dpkg-deb", "-Znone", "--root-owner-group", "--build", folder, path], check=True, stdout=subprocess.DEVNULL)
    return path


def older_database():
    """Replaces the database by that of an earlier version, with its key."""
    path = image / OWN.lstrip("/") / "provisioner.sqlite"
    owner = path.stat()
    for name in ("", "-wal", "-shm"):
        path.with_name(path.name + name).unlink(missing_ok=True)
    sql = (root / "Tests/TestSupport/databases/version-10.sql").read_text()
    with sqlite3.connect(path) as database:
        database.executescript(sql)
    key = re.search(r'key: "([^"]+)"', (root / "Tests/TestSupport/OlderDatabase.swift").read_text())[1]
    (path.with_name(path.name + ".key")).write_text(key + "\n")
    shutil.chown(path, owner.st_uid, owner.st_gid)
    path.chmod(0o600)


def states(machine, question):
    return machine.run("systemctl %s %s" % (question, UNITS)).stdout.split()


def check_installation(machine):
    assert states(machine, "is-enabled") == ["disabled"] * 3, states(machine, "is-enabled")
    assert states(machine, "is-active") == ["inactive"] * 3, states(machine, "is-active")
    say("it installs the units disabled")
    modes = machine.do("stat --format '%n %U %G %a' /etc/aws-provisioner /etc/aws-provisioner/* /var/lib/aws-provisioner "
                       "/var/lib/aws-provisioner/provisioner.sqlite /var/lib/aws-provisioner/provisioner.sqlite.key "
                       "/var/log/aws-provisioner").splitlines()
    assert modes == [
        "/etc/aws-provisioner root aws-provisioner 750", "/etc/aws-provisioner/config.json root aws-provisioner 640",
        "/etc/aws-provisioner/lighttpd.conf root root 644", OWN + " aws-provisioner aws-provisioner 700",
        OWN + "/provisioner.sqlite aws-provisioner aws-provisioner 600",
        OWN + "/provisioner.sqlite.key aws-provisioner aws-provisioner 600",
        "/var/log/aws-provisioner aws-provisioner aws-provisioner 750"], modes
    say("only the service user can read the configuration and the database")
    assert machine.do("dpkg --verify aws-provisioner") == ""
    for file in ("man/man1/aws-provisioner-worker-type-apply.1.gz", "man/man1/aws-provisioner-api.1.gz",
                 "bash-completion/completions/aws-provisioner", "zsh/vendor-completions/_aws-provisioner",
                 "fish/vendor_completions.d/aws-provisioner.fish"):
        machine.do("test -s /usr/share/" + file)
    version = machine.do("dpkg-query --show --showformat '${Version}' aws-provisioner")
    assert machine.do("aws-provisioner --version").startswith("aws-provisioner %s, " % version), version
    machine.do("logrotate --debug /etc/logrotate.d/aws-provisioner")
    say("manual pages, completions and the logrotate configuration are complete")


def check_service(machine, services, start):
    configure(services)
    machine.do(ENVIRONMENT + documentation.block(documentation.README, "Prepare AWS and the Queue", "doctor"))
    machine.do("systemctl enable --now " + UNITS)
    eventually("the API answers", 30, lambda: '"alive"' in machine.output("curl -fsS %sping" % API))
    say("from the package to the API: %.0f seconds" % (time.monotonic() - start))
    process = machine.do("systemctl show aws-provisioner-api --property=MainPID --value").strip()
    assert machine.do("ps -o user:32= -p " + process).strip() == "aws-provisioner"
    assert machine.run("curl -fsS %slist-worker-types" % API).stdout.split() == ["[]"]
    machine.do("aws-provisioner worker-type apply --offline build-linux.json")
    assert "build-linux" in machine.output("curl -fsS %slist-worker-types" % API)
    say("the API serves the database as the service user")
    machine.do("systemctl start aws-provisioner-backup.service")
    copies = machine.do("stat --format '%U %a %n' /var/backups/aws-provisioner/*").split()
    assert copies[:2] == ["aws-provisioner", "600"] and len(copies) == 3, copies
    # As another user, who has no key.
    machine.do("install -o _apt %s /tmp/copy.sqlite && echo '{}' > /tmp/empty.json" % copies[2])
    shown = machine.do("su _apt -s /bin/sh -c 'aws-provisioner status --config /tmp/empty.json --database /tmp/copy.sqlite'")
    assert "build-linux" in shown, shown
    say("the backup of the unit can be read without the key")
    eventually("the timer starts iterations", 150, lambda: "iteration 1: success" in machine.do(
        "journalctl -u aws-provisioner --output=cat"))


def check_upgrades(machine, package):
    edited = machine.do("cat /etc/aws-provisioner/config.json")
    pid = machine.do("systemctl show aws-provisioner-api --property=MainPID --value")
    machine.install(next_version(package, 1), "-o Dpkg::Options::=--force-confold")
    assert machine.do("cat /etc/aws-provisioner/config.json") == edited, "the operator's configuration is kept"
    assert machine.do("stat --format '%U %G %a' /etc/aws-provisioner/config.json") == "root aws-provisioner 640\n"
    assert "us-west-1" in machine.do("cat /etc/aws-provisioner/config.json.dpkg-dist")
    assert states(machine, "is-active") == ["active"] * 3, states(machine, "is-active")
    assert machine.do("systemctl show aws-provisioner-api --property=MainPID --value") != pid, "the API was not restarted"
    eventually("the API answers", 30, lambda: "build-linux" in machine.output("curl -fsS %slist-worker-types" % API))
    say("an upgrade keeps the configuration and restarts the units that ran")

    machine.do("systemctl stop aws-provisioner.timer aws-provisioner-api.service")
    eventually("no iteration runs", 60, lambda: machine.output("systemctl is-active aws-provisioner") != "activating")
    older_database()
    assert machine.run("aws-provisioner status").returncode == 78
    machine.install(next_version(package, 2), "-o Dpkg::Options::=--force-confold")
    machine.do("aws-provisioner status")
    copies = machine.do("ls %s" % OWN).split()
    assert any(".before-update-" in name for name in copies), copies
    assert states(machine, "is-active") == ["inactive", "active", "inactive"], states(machine, "is-active")
    say("an upgrade migrates the database after a copy, and starts no unit that did not run")


def check_removal(machine, package):
    machine.do("systemctl start " + UNITS)
    machine.do("apt-get remove -y aws-provisioner 2>&1")
    assert states(machine, "is-active") == ["inactive"] * 3, states(machine, "is-active")
    assert machine.run("curl -fsS %sping" % API).returncode == 7, "the API runs after the removal"
    links = machine.output("find /etc/systemd/system -name 'aws-provisioner*'")
    assert links == "", links
    machine.do("test ! -e /usr/bin/aws-provisioner && test -e %s/provisioner.sqlite && test -e /etc/aws-provisioner/config.json" % OWN)
    say("the removal stops and disables the units, and keeps configuration and data")
    machine.install(package, "--allow-downgrades", "-o Dpkg::Options::=--force-confold")
    assert states(machine, "is-enabled") == ["disabled"] * 3
    assert "queue-access-token" in machine.do("cat /etc/aws-provisioner/config.json")
    purged = machine.do("apt-get purge -y aws-provisioner 2>&1")
    assert PURGED in purged, purged
    machine.do("test ! -e /etc/aws-provisioner && test ! -e /var/log/aws-provisioner && test ! -e /etc/logrotate.d/aws-provisioner")
    machine.do("test -e %s/provisioner.sqlite.key && getent passwd aws-provisioner" % OWN)
    assert machine.do("dpkg-query --list | grep -c aws-provisioner || true").strip() == "0"
    say("the purge deletes configuration and logs, and keeps the database")


def main():
    package = build_package()
    prepare()
    add_libraries(package)
    with Services() as services, Machine() as machine:
        start = time.monotonic()
        # The web server of the API is a recommended package.
        machine.install(package)
        check_installation(machine)
        check_service(machine, services, start)
        check_upgrades(machine, package)
        check_removal(machine, package)
        journal = machine.do("journalctl --output=cat")
        assert "planted-secret" not in journal and "queue-access-token" not in journal
    print("passed")


if __name__ == "__main__":
    main()
