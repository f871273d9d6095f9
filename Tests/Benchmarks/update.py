"""Measures authenticated updateWorkerType requests as whole processes, the floor and the API in turn. Prints medians as JSON.

update.py FLOOR API BODY CLIENT RUNS: each run has its own signature and nonce, computed in advance. BODY is the definition
of the worker type with the name of the file, CLIENT the output of `client add`.
"""
import base64
import hashlib
import hmac
import json
import os
import statistics
import sys
import time


def load(body, client):
    with open(client) as file:
        client = json.load(file)
    resource = "/api/aws-provisioner/v1/worker-type/%s/update" % os.path.basename(body).removesuffix(".json")
    return client["clientId"], client["accessToken"], resource, {
        "REQUEST_METHOD": "POST", "PATH_INFO": resource, "REQUEST_URI": resource, "HTTP_HOST": "localhost",
        "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(os.path.getsize(body)),
        "AWS_PROVISIONER_VALIDATE_LAUNCH": "false", "FLOOR_KEY": client["accessToken"],
    }


def request(loaded, number):
    client, key, resource, environment = loaded
    seconds, nonce = int(time.time()), "%d-%d" % (os.getpid(), number)
    text = "hawk.1.header\n%d\n%s\nPOST\n%s\nlocalhost\n80\n\n\n" % (seconds, nonce, resource)
    mac = base64.b64encode(hmac.digest(key.encode(), text.encode(), hashlib.sha256)).decode()
    header = 'Hawk id="%s", ts="%d", nonce="%s", mac="%s"' % (client, seconds, nonce, mac)
    return {**environment, "HTTP_AUTHORIZATION": header}


def run(program, environment, body, output):
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, body, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]
    begin = time.perf_counter()
    _, status = os.waitpid(
        os.posix_spawn(program, [program], {**os.environ, **environment}, file_actions=actions), 0)
    end = time.perf_counter()
    if status != 0:
        sys.exit("%s ended with %d" % (program, status))
    return end - begin


def main():
    floor, ours, body, client, runs = sys.argv[1:5] + [int(sys.argv[5])]
    requests = [request(load(body, client), number) for number in range(2 * (runs + 1))]
    for program in (floor, ours):
        run(program, requests.pop(), body, body + ".answer")
        with open(body + ".answer") as file:
            answer = file.read()
        if not answer.startswith("Status: 200"):
            sys.exit("%s answered %s" % (program, answer))
    times = {floor: [], ours: []}
    for _ in range(runs):
        for program, measured in times.items():
            measured.append(run(program, requests.pop(), body, os.devnull))
    print(json.dumps({"floor": statistics.median(times[floor]), "ours": statistics.median(times[ours])}))


main()
