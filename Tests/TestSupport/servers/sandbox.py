"""sandbox.py [COMMAND...]: runs a command, by default a shell, with a simulated EC2 and Queue; see Tests/sandbox."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.request

servers = pathlib.Path(__file__).parent
products = servers.parent.parent.parent / ".build" / "debug"
running = []


def start(name):
    # moto logs a line for each call.
    process = subprocess.Popen([sys.executable, servers / name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    running.append(process)
    return process


def address(process):
    return "http://127.0.0.1:" + process.stdout.readline().strip()


ec2, queue = map(address, [start("ec2_server.py"), start("queue_server.py")])
urllib.request.urlopen(queue, data=b'{"pending": {"build-linux": 5}}').read()
# The simulated EC2 is empty at each start, so the database is new as well.
folder = tempfile.mkdtemp(prefix="aws-provisioner-sandbox-")
settings = os.path.join(folder, "config.json")
with open(settings, "w") as file:
    file.write("{}\n")
os.environ.update({
    "AWS_PROVISIONER_CONFIG": settings, "AWS_PROVISIONER_DATABASE": os.path.join(folder, "provisioner.sqlite"),
    "AWS_PROVISIONER_REGIONS": "us-east-1,eu-west-1", "AWS_PROVISIONER_BASE_URL": "https://provisioner.example.com/v1",
    "AWS_ENDPOINT_URL": ec2, "AWS_ACCESS_KEY_ID": "sandbox", "AWS_SECRET_ACCESS_KEY": "sandbox",
    "TASKCLUSTER_ROOT_URL": queue, "TASKCLUSTER_CLIENT_ID": "tester", "TASKCLUSTER_ACCESS_TOKEN": "queue-access-token",
})
if not shutil.which("aws-provisioner"):
    os.environ["PATH"] += ":%s" % products
command = sys.argv[1:] or [os.environ.get("SHELL", "/bin/sh")]
print("EC2 is moto at %s, the Queue is at %s" % (ec2, queue), file=sys.stderr)
try:
    status = subprocess.run(command).returncode
finally:
    for process in running:
        process.stdin.close()
        process.wait()
    shutil.rmtree(folder)
sys.exit(status if status >= 0 else 128 - status)
