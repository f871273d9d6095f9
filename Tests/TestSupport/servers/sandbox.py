"""sandbox.py [COMMAND...]: runs a command, by default a shell, with a simulated EC2 and Queue; see Tests/sandbox."""
import os
import pathlib
import subprocess
import sys
import urllib.request

servers = pathlib.Path(__file__).parent
running = []


def start(name):
    # moto logs a line for each call.
    process = subprocess.Popen([sys.executable, servers / name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    running.append(process)
    return "http://127.0.0.1:" + process.stdout.readline().strip()


ec2, queue = start("ec2_server.py"), start("queue_server.py")
urllib.request.urlopen(queue, data=b'{"pending": {"build-linux": 5}}').read()
os.environ.update({
    "AWS_ENDPOINT_URL": ec2, "AWS_ACCESS_KEY_ID": "sandbox", "AWS_SECRET_ACCESS_KEY": "sandbox",
    "TASKCLUSTER_ROOT_URL": queue, "TASKCLUSTER_CLIENT_ID": "tester", "TASKCLUSTER_ACCESS_TOKEN": "queue-access-token",
})
command = sys.argv[1:] or [os.environ.get("SHELL", "/bin/sh")]
print("EC2 is moto at %s, the Queue is at %s" % (ec2, queue), file=sys.stderr)
status = subprocess.run(command).returncode
for process in running:
    process.stdin.close()
    process.wait()
sys.exit(status if status >= 0 else 128 - status)
