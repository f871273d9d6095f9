"""Boots systemd of a clean Debian in a container (systemd-nspawn with the network of the host), installs as documented, and
lets the timer start iterations; see Tests/deployment.
"""
import json
import shutil
import signal
import subprocess
import urllib.request

import documentation
from deployment import build, debian, eventually, image, out, root, say, stages, start_server, work

OWN = "/var/lib/aws-provisioner"


def packages(names):
    subprocess.run(
        ["chroot", image, "sh", "-ec", "apt-get update && apt-get install -y --no-install-recommends " + names], check=True,
        stdout=subprocess.DEVNULL, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"})


def install():
    """Installs the program, and the shared libraries that a debug build needs: the Swift runtime and SQLite."""
    program = image / "usr/local/bin/aws-provisioner"
    shutil.copy(out / "aws-provisioner", program)
    for line in subprocess.run(["ldd", program], text=True, check=True, capture_output=True).stdout.splitlines():
        path = line.partition(" => ")[2].split(" ")[0]
        if path and not (image / path.lstrip("/")).exists():
            shutil.copy(path, image / "usr/local/lib")
    subprocess.run(["chroot", image, "ldconfig"], check=True)
    shutil.copytree(root / "cron", image / "root/cron", dirs_exist_ok=True)


class Machine:
    """The running container."""

    def __enter__(self):
        self.console = open(work / "console", "w+")
        # The host has no systemd to register the container.
        self.process = subprocess.Popen(
            ["systemd-nspawn", "--boot", "--register=no", "--keep-unit", "--quiet", "--console=pipe", "--directory", image],
            stdin=subprocess.DEVNULL, stdout=self.console, stderr=self.console)
        eventually("systemd is up", 120, lambda: self.output("systemctl is-system-running") in ("running", "degraded"))
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def run(self, command):
        first = subprocess.run(["pgrep", "-P", str(self.process.pid)], text=True, capture_output=True).stdout.split()
        if not first:
            raise OSError("the container has no first process: " + (work / "console").read_text())
        return subprocess.run(
            ["nsenter", "--target", first[0], "--mount", "--uts", "--ipc", "--pid", "--root", "sh", "-ec", "cd /root\n" + command],
            text=True, capture_output=True, stdin=subprocess.DEVNULL,
            env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"})

    def output(self, command):
        return self.run(command).stdout.strip()

    def do(self, command):
        done = self.run(command)
        assert done.returncode == 0, (command, done)
        return done.stdout

    def as_user(self, command):
        return self.run("su aws-provisioner -s /bin/sh -c '%s'" % command)

    def journal(self):
        return self.do("journalctl -u aws-provisioner --output=cat")

    def result(self):
        return self.do("systemctl show aws-provisioner.service --property=Result,ExecMainStatus --value").split()


def settings(ec2, queue):
    """Writes the documented settings with this Queue, and the AWS settings to the environment file of the units."""
    text = documentation.replaced(documentation.block(documentation.README, "Set up", '"regions"'), {
        "https://taskcluster.example.com": queue, '"taskclusterClientId": "aws-provisioner"': '"taskclusterClientId": "tester"',
        "its access token": "queue-access-token"})
    (image / "etc/aws-provisioner/config.json").write_text(text)
    environment = image / "etc/aws-provisioner/environment"
    environment.write_text(
        "AWS_ENDPOINT_URL=%s\nAWS_ACCESS_KEY_ID=key\nAWS_SECRET_ACCESS_KEY=planted-secret\n" % ec2)
    environment.chmod(0o600)
    (image / "root/build-linux.json").write_text(documentation.block(documentation.README, "The first worker type", '"instanceTypes"'))


def main():
    out.mkdir(parents=True, exist_ok=True)
    build(stages()[0])
    debian()
    packages("systemd-sysv dbus procps libcurl4 libssl3 libxml2 ca-certificates")
    install()
    ec2_process, ec2 = start_server("ec2_server.py")
    queue_process, queue = start_server("queue_server.py")

    def control(document):
        urllib.request.urlopen(queue, data=json.dumps(document).encode()).read()

    control({"pending": {"build-linux": 3}})
    try:
        with Machine() as machine:
            machine.do(documentation.block(documentation.README, "Set up", "useradd"))
            settings(ec2, queue)
            credentials = "set -a; . /etc/aws-provisioner/environment; set +a\n"
            machine.do(credentials + documentation.block(documentation.README, "Set up", "chown", "doctor"))
            say("the documented commands set it up, and doctor finds no problem")
            applied = machine.run("aws-provisioner worker-type apply build-linux.json")
            assert applied.stdout == "build-linux created\n", applied
            machine.do(documentation.block(documentation.article("Schedule"), "systemd", "aws-provisioner.timer"))
            say("the documented commands install the units")
            eventually("the timer started an iteration, which launched instances", 150, lambda: "iteration 1: success"
                       in machine.journal() and "buy" in machine.as_user("aws-provisioner events").stdout)
            assert machine.result() == ["success", "0"], machine.result()
            eventually("the timer started a second iteration", 150, lambda: "iteration 2: success" in machine.journal())
            assert "Failed" not in machine.journal(), machine.journal()
            instances = json.loads(machine.as_user("aws-provisioner instances --json").stdout)
            assert len(instances) == 3, instances
            assert machine.run("aws-provisioner doctor --max-age 5m").returncode == 0
            owners = machine.do("stat --format '%U %a' " + OWN + "/provisioner.sqlite*").split("\n")[:-1]
            assert set(owners) == {"aws-provisioner 600"}, owners
            say("only the service user has access to the database")
            modes = machine.do("stat --format '%U %G %a' /etc/aws-provisioner /etc/aws-provisioner/config.json").split("\n")[:-1]
            assert modes == ["root aws-provisioner 750", "root aws-provisioner 640"], modes
            say("the configuration belongs to root")

            machine.do("systemctl stop aws-provisioner.timer")
            eventually("no iteration runs", 60, lambda: machine.output("systemctl is-active aws-provisioner") == "inactive")
            control({"fault": {"build-linux": "hang"}})
            machine.do(credentials + "aws-provisioner iterate </dev/null >/dev/null 2>&1 & ")
            eventually("a manual iteration runs", 30, lambda: machine.output("pgrep -x aws-provisioner -U aws-provisioner"))
            say("root started it, and it runs as aws-provisioner")
            machine.do("systemctl start aws-provisioner")
            assert machine.result() == ["success", "75"], machine.result()
            say("the iteration of the unit exits with 75, which is a success")
            machine.do("pkill -TERM -x aws-provisioner")
            eventually("it ends", 60, lambda: not machine.output("pgrep -x aws-provisioner"))

            machine.do("systemctl start --no-block aws-provisioner")
            eventually("the iteration of the unit runs", 30, lambda: machine.output("pgrep -x aws-provisioner"))
            pid = machine.output("pgrep -x aws-provisioner")
            machine.do("systemctl start --no-block aws-provisioner")
            assert machine.output("pgrep -x aws-provisioner") == pid
            say("a second start of the unit starts no process")
            # The restrictions of the process, read within the container.
            status = machine.do("cat /proc/%s/status" % pid)
            for line in ("NoNewPrivs:\t1", "Seccomp:\t2", "CapBnd:\t0000000000000000", "CapEff:\t0000000000000000"):
                assert line in status, status
            mounts = machine.do("cat /proc/%s/mountinfo" % pid)
            points = {fields[4]: fields[5].split(",")[0] for fields in map(str.split, mounts.splitlines())}
            assert points["/"] == "ro" and points[OWN] == "rw", mounts
            say("it has no capabilities, and only its folder is writable")
            limits = machine.do("cat /proc/%s/limits" % pid)
            assert [line.split()[4:6] for line in limits.splitlines() if "core file" in line] == [["0", "0"]], limits
            assert machine.do("systemctl show aws-provisioner --property=MemoryMax,TasksMax,ProcSubset --value").split() == [
                str(2 << 30), "512", "pid"]
            say("its resource limits are set")
            machine.do("systemctl stop aws-provisioner")
            eventually("it ends when it is stopped", 30, lambda: not machine.output("pgrep -x aws-provisioner"))
            # It exits itself, with the code for an unavailable Queue.
            assert machine.result() == ["exit-code", "69"], machine.result()
            journal = machine.journal()
            assert "planted-secret" not in journal and "queue-access-token" not in journal
            (work / "journal").write_text(machine.do("journalctl -u aws-provisioner"))
    finally:
        for process in (ec2_process, queue_process):
            process.stdin.close()
            process.wait()
    print("passed")


main()
