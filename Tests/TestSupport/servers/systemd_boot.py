"""Boots systemd of a clean Debian, installs the package, and lets the timer start iterations; see Tests/deployment."""
import json

import documentation
from deployment import eventually, say, work
from machine import ENVIRONMENT, OWN, Machine, Services, add_libraries, build_package, configure, prepare


def journal(machine):
    return machine.do("journalctl -u aws-provisioner --output=cat")


def result(machine):
    """The result and the exit code of the last start of the unit."""
    return machine.do("systemctl show aws-provisioner.service --property=Result,ExecMainStatus --value").split()


def main():
    package = build_package()
    prepare()
    add_libraries(package)
    with Services() as services:
        services.control({"pending": {"build-linux": 3}})
        with Machine() as machine:
            machine.install(package, "--no-install-recommends")
            configure(services)
            machine.do(ENVIRONMENT + documentation.block(documentation.README, "Prepare AWS and the Queue", "doctor"))
            say("the package is installed and configured, and doctor finds no problem")
            applied = machine.run("aws-provisioner worker-type apply --offline build-linux.json")
            assert applied.stdout == "build-linux created\n", applied
            machine.do(documentation.block(documentation.article("Schedule"), "systemd", "aws-provisioner.timer"))
            eventually("the timer started an iteration, which launched instances", 150, lambda: "iteration 1: success"
                       in journal(machine) and "buy" in machine.as_user("aws-provisioner events").stdout)
            assert result(machine) == ["success", "0"], result(machine)
            eventually("the timer started a second iteration", 150, lambda: "iteration 2: success" in journal(machine))
            assert "Failed" not in journal(machine), journal(machine)
            instances = json.loads(machine.as_user("aws-provisioner instances --json").stdout)["instances"]
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
            services.control({"fault": {"build-linux": "hang"}})
            machine.do(ENVIRONMENT + "aws-provisioner iterate </dev/null >/dev/null 2>&1 & ")
            eventually("a manual iteration runs", 30, lambda: machine.output("pgrep -x aws-provisioner -U aws-provisioner"))
            say("root started it, and it runs as aws-provisioner")
            machine.do("systemctl start aws-provisioner")
            assert result(machine) == ["success", "75"], result(machine)
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
            assert result(machine) == ["exit-code", "69"], result(machine)
            text = journal(machine)
            assert "planted-secret" not in text and "queue-access-token" not in text
            (work / "journal").write_text(machine.do("journalctl -u aws-provisioner"))
    print("passed")


if __name__ == "__main__":
    main()
