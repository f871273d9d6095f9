"""A clean Debian that boots systemd in a container (systemd-nspawn with the network of the host), for tests of the package."""
import json
import pathlib
import shutil
import signal
import subprocess
import urllib.request

import documentation
from deployment import debian, eventually, image, root, say, start_server, work

OWN = "/var/lib/aws-provisioner"
# The parts of the README's definition are in moto.
DEFINITION = documentation.block(documentation.README, "The first worker type", '"instanceTypes"')
ENVIRONMENT = "set -a; . /etc/aws-provisioner/environment; set +a\n"


def build_package():
    """Builds the package, and returns its path."""
    for old in work.glob("*.deb"):
        old.unlink()
    work.mkdir(parents=True, exist_ok=True)
    subprocess.run([root / "cron/package", work], check=True)
    return next(work.glob("*.deb"))


def prepare():
    """Creates the clean Debian with systemd."""
    debian()
    subprocess.run(
        ["chroot", image, "sh", "-ec",
         "apt-get update && apt-get install -y --no-install-recommends systemd-sysv dbus procps curl"], check=True,
        stdout=subprocess.DEVNULL, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"})


def add_libraries(package):
    """Copies the shared libraries that the executables of a debug build need: the Swift runtime and SQLite."""
    extracted = work / "extracted"
    shutil.rmtree(extracted, ignore_errors=True)
    subprocess.run(["dpkg-deb", "--extract", package, extracted], check=True)
    for program in (extracted / "usr/bin").iterdir():
        for line in subprocess.run(["ldd", program], text=True, check=True, capture_output=True).stdout.splitlines():
            path = line.partition(" => ")[2].split(" ")[0]
            if path and not (image / path.lstrip("/")).exists():
                shutil.copy(path, image / "usr/local/lib")
    subprocess.run(["chroot", image, "ldconfig"], check=True)


class Services:
    """moto as EC2, and a Queue. They end with the block."""

    def __enter__(self):
        self.processes = []
        for name in ("ec2_server.py", "queue_server.py"):
            process, url = start_server(name)
            self.processes.append(process)
            setattr(self, name.partition("_")[0], url)
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.stdin.close()
            process.wait()

    def control(self, document):
        urllib.request.urlopen(self.queue, data=json.dumps(document).encode()).read()


def configure(services):
    """Edits the installed configuration as documented, and puts the AWS settings into the environment file of the units."""
    path = image / "etc/aws-provisioner/config.json"
    path.write_text(documentation.replaced(path.read_text(), {
        "https://taskcluster.example.com": services.queue,
        '"taskclusterClientId": "aws-provisioner"': '"taskclusterClientId": "tester"', "its access token": "queue-access-token"}))
    environment = image / "etc/aws-provisioner/environment"
    environment.write_text(
        "AWS_ENDPOINT_URL=%s\nAWS_ACCESS_KEY_ID=key\nAWS_SECRET_ACCESS_KEY=planted-secret\n" % services.ec2)
    environment.chmod(0o600)
    (image / "root/build-linux.json").write_text(DEFINITION)


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

    def install(self, package, *options):
        """Installs a package file with apt, as documented."""
        shutil.copy(package, image / "root")
        return self.do("DEBIAN_FRONTEND=noninteractive apt-get install -y %s ./%s 2>&1" % (
            " ".join(options), pathlib.Path(package).name))
