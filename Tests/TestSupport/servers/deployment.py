"""Builds the last stage of the image without Docker, in a clean Debian, and runs it; see Tests/deployment.

The script executes the instructions of the Dockerfile in a chroot of debootstrap. cron/build builds the executables in this
checkout; the folder BINARIES replaces them. The script starts the program of the image as the user of
the image, with moto and a Queue, and checks the API, an iteration, the health check and the exit.
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

import documentation
import hardening

root = pathlib.Path(__file__).resolve().parent.parent.parent.parent
work = root / ".build" / "deployment"
base, image, out = work / "base", work / "image", work / "out"
servers = pathlib.Path(__file__).parent
URL = "http://127.0.0.1:8080/api/aws-provisioner/v1/"


def say(text):
    print("--", text, flush=True)


def stages():
    """The Dockerfile's stages: lists of (instruction, rest)."""
    found = []
    for line in (root / "Dockerfile").read_text().replace("\\\n", " ").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        instruction, rest = line.split(None, 1)
        if instruction == "FROM":
            found.append([])
        found[-1].append((instruction, " ".join(rest.split())))
    return found


def check_hardening():
    """Ends the test if a release executable lacks a protection."""
    if pathlib.Path(os.environ.get("BINARIES", "")).name == "debug":
        return say("debug executables: their hardening is not checked")
    problems = hardening.problems(sorted(out.iterdir()))
    if problems:
        sys.exit("\n".join(problems))
    say("the executables are hardened")


def debian():
    """Creates a clean Debian of the release of the image, or reuses it."""
    if not (base / "etc" / "debian_version").exists():
        say("debootstrap")
        shutil.rmtree(base, ignore_errors=True)
        subprocess.run(["debootstrap", "--variant=minbase", "bookworm", base], check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(image, ignore_errors=True)
    subprocess.run(["cp", "-a", base, image], check=True)
    # The package sources of this machine.
    for place in ("etc/apt/sources.list", "etc/apt/sources.list.d", "etc/apt/apt.conf.d", "etc/resolv.conf", "etc/pip.conf",
                  "usr/local/share/ca-certificates", "etc/ssl/certs", "etc/apt/auth.conf.d"):
        source = pathlib.Path("/") / place
        if source.is_dir():
            shutil.copytree(source, image / place, dirs_exist_ok=True, symlinks=True, ignore_dangling_symlinks=True)
        elif source.exists():
            shutil.copy(source, image / place)


def make(stage):
    """Executes the last stage, and returns (user, program, health check)."""
    user, program, health = "root", [], []
    for instruction, rest in stage:
        if instruction == "RUN":
            say("RUN " + rest)
            subprocess.run(["chroot", image, "/bin/sh", "-ec", rest], check=True, stdout=subprocess.DEVNULL,
                           env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"})
        elif instruction == "COPY":
            source, target = rest.split()[-2:]
            source = out if rest.startswith("--from=build /out/") else root / source
            say("COPY %s %s" % (source, target))
            if source.is_dir():
                shutil.copytree(source, image / target.lstrip("/"), dirs_exist_ok=True)
            else:
                (image / target.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, image / target.lstrip("/"))
        elif instruction == "USER":
            user = rest
        elif instruction == "HEALTHCHECK":
            health = json.loads(rest[rest.index("["):])
        elif instruction in ("ENTRYPOINT", "CMD"):
            program += json.loads(rest)
        elif instruction not in ("FROM", "VOLUME", "EXPOSE", "STOPSIGNAL"):
            sys.exit("Tests/deployment does not know the instruction %s of the Dockerfile" % instruction)
    return user, program, health


def start_server(name):
    process = subprocess.Popen([sys.executable, servers / name],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return process, "http://127.0.0.1:" + process.stdout.readline().strip()


def eventually(what, seconds, condition):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return say(what)
        except OSError:
            pass
        time.sleep(0.5)
    sys.exit("timeout: " + what)


def get(path):
    with urllib.request.urlopen(URL + path) as response:
        return json.load(response)


def main():
    subprocess.run([root / "cron/build", out], check=True)
    check_hardening()
    debian()
    user, program, health = make(stages()[-1])
    ec2_process, ec2 = start_server("ec2_server.py")
    queue_process, queue = start_server("queue_server.py")
    urllib.request.urlopen(queue, data=b'{"pending": {"build-linux": 3}}').read()
    environment = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/var/lib/aws-provisioner",
        "AWS_PROVISIONER_REGIONS": "us-east-1", "AWS_PROVISIONER_BASE_URL": URL, "AWS_ENDPOINT_URL": ec2,
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "planted-secret", "TASKCLUSTER_ROOT_URL": queue,
        "TASKCLUSTER_CLIENT_ID": "tester", "TASKCLUSTER_ACCESS_TOKEN": "queue-access-token",
    }

    def run(command):
        return subprocess.run(["chroot", "--userspec", user, image] + command, env=environment, text=True,
                              capture_output=True)

    for name in ("proc", "dev"):
        subprocess.run(["mount", "--bind", "/" + name, image / name], check=True)
    log = open(work / "log", "w+")
    running = subprocess.Popen(["chroot", "--userspec", user, image] + program, env=environment, stdout=log, stderr=log)
    try:
        eventually("the API answers", 30, lambda: get("ping")["alive"])
        definition = documentation.block(documentation.README, "The first worker type", '"instanceTypes"')
        (image / "tmp/build-linux.json").write_text(definition)
        applied = run(["aws-provisioner", "worker-type", "apply", "/tmp/build-linux.json"])
        assert applied.stdout == "build-linux created\n", applied
        assert get("list-worker-types") == ["build-linux"]
        assert run(health).returncode == 1, "healthy before the first iteration"
        eventually("an iteration finished, and the health check passes", 100, lambda: run(health).returncode == 0)
        eventually("it launched instances for the pending tasks", 100, lambda: "buy" in run(["aws-provisioner", "events"]).stdout
                   and len(json.loads(run(["aws-provisioner", "instances", "--json"]).stdout)["instances"]) == 3)
        doctor = run(["aws-provisioner", "doctor"])
        assert doctor.returncode == 0, doctor
        say("doctor finds no problem")
        owners = subprocess.run(["ps", "-o", "user:32=", "--ppid", str(running.pid)], capture_output=True, text=True)
        uid = (image / "etc/passwd").read_text().split(user + ":x:")[1].split(":")[0]
        number = subprocess.run(["ps", "-o", "ruid=", "--ppid", str(running.pid), "--pid", str(running.pid)],
                                capture_output=True, text=True).stdout.split()
        assert set(number) == {uid}, (number, uid, owners)
        say("every process runs as %s" % user)
        running.send_signal(signal.SIGTERM)
        assert running.wait(30) == 0, running.returncode
        say("it stops on SIGTERM with exit code 0")
        log.seek(0)
        text = log.read()
        assert "planted-secret" not in text and "queue-access-token" not in text
        assert "iteration 1: success" in text, text
    finally:
        running.kill()
        for name in ("proc", "dev"):
            subprocess.run(["umount", image / name])
        for process in (ec2_process, queue_process):
            process.stdin.close()
            process.wait()
    print("passed")


if __name__ == "__main__":
    main()
