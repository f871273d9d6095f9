"""Concurrent clients, each with its own worker types and secrets, and one worker type that all of them update.

api_load.py ROOT_URL MANAGER_TOKEN CLIENTS REQUESTS: checks that no update is lost, no secret is returned twice, and all
responses are documented. Prints "passed" and the number of responses by status.
"""
import collections
import datetime
import json
import sys
import threading
import time

import mohawk
import requests
import slugid

root, token, clients, total = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
base = root + "/api/aws-provisioner/v1"
keys = {"id": "manager", "key": token, "algorithm": "sha256"}
part = {"launchSpec": {}, "userData": {}, "secrets": {}, "scopes": []}
statuses = collections.Counter()
problems = []
left = total
lock = threading.Lock()
shared_updates = []
tomorrow = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def definition(number):
    return {
        **part, "maxCapacity": number, "scalingRatio": 0, "minPrice": 0, "maxPrice": 1,
        "instanceTypes": [{**part, "instanceType": "c5.xlarge", "capacity": 1, "utility": 1}],
        "regions": [{**part, "region": "us-east-1", "launchSpec": {"ImageId": "ami-12c6146b"}}],
        "description": "d", "owner": "o@example.com",
    }


def send(session, method, path, document=None):
    """Sends a request until its status is not 503. An undocumented status is a problem."""
    global left
    while True:
        with lock:
            left -= 1
        headers = {}
        body = b""
        if document is not None or method == "DELETE":
            body = json.dumps(document).encode() if document is not None else b""
            kind = "application/json" if document is not None else ""
            sender = mohawk.Sender(keys, base + path, method, content=body, content_type=kind)
            headers = {"Authorization": sender.request_header}
            if kind:
                headers["Content-Type"] = kind
        response = session.request(method, base + path, data=body, headers=headers)
        with lock:
            statuses[response.status_code] += 1
        if response.status_code not in (200, 204, 404, 503):
            with lock:
                problems.append("%s %s: %d %s" % (method, path, response.status_code, response.text[:300]))
        if response.status_code != 503:
            return response
        assert response.headers["Retry-After"]
        time.sleep(0.05)


def work(index):
    session = requests.Session()
    name = "/worker-type/load-%d" % index
    number = 1
    response = send(session, "PUT", name, definition(number))
    modified = response.json()["lastModified"]
    while left > 0:
        number += 1
        response = send(session, "POST", name + "/update", definition(number)).json()
        if response["maxCapacity"] != number or response["lastModified"] <= modified:
            problems.append("%s: an update had no effect" % name)
        modified = response["lastModified"]
        if send(session, "GET", name).json()["maxCapacity"] != number:
            problems.append("%s: an update was lost" % name)
        stamp = send(session, "POST", "/worker-type/shared/update", definition(index * 1000 + number)).json()
        with lock:
            shared_updates.append((stamp["lastModified"], stamp["maxCapacity"]))
        secret = slugid.nice()
        send(session, "PUT", "/secret/" + secret, {
            "workerType": "load-%d" % index, "secrets": {"n": number}, "scopes": [], "token": secret,
            "expiration": tomorrow})
        send(session, "GET", "/instance-started/i-%08x/%s" % (number, secret))
        if send(session, "GET", "/secret/" + secret).json()["data"] != {"n": number}:
            problems.append("%s: a secret was lost" % name)
        if send(session, "GET", "/secret/" + secret).status_code != 404:
            problems.append("%s: a secret was returned twice" % name)
        for path in ("/list-worker-types", "/list-worker-type-summaries", "/backend-status", "/ping", "/state/shared"):
            send(session, "GET", path)
        send(session, "DELETE", "/secret/" + secret)


send(requests.Session(), "PUT", "/worker-type/shared", definition(1))
threads = [threading.Thread(target=work, args=(index,)) for index in range(1, clients + 1)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
stamps = [stamp for stamp, _ in shared_updates]
if len(set(stamps)) != len(stamps):
    problems.append("two updates of one worker type share a lastModified")
last = requests.get(base + "/worker-type/shared").json()
if (last["lastModified"], last["maxCapacity"]) != max(shared_updates):
    problems.append("the last update of the shared worker type is not stored")
assert not problems, problems[:5]
print("passed", json.dumps(dict(statuses)))
