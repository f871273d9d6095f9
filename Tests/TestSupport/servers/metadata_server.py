"""The metadata service of an instance, version 2, and the credentials endpoint of a container (/container).

POST /_control takes {"fault": kind or null, "life": seconds, "role": name or null, "authorization": the value that
/container requires, "numbered": whether each response has another key} and returns {"asked": {path: number of requests},
"given": number of returned credentials}. Kinds: "hang", "error" (500), "garbage", "no-token" (the session token is
refused), "denied" (the credentials have another Code), "slow" (each response is delayed).
"""
import collections
import datetime
import json
import threading
import time

from common import Handler, serve

PATH = "/latest/meta-data/iam/security-credentials/"
SESSION = "session-token-of-the-metadata-service"
state = {"fault": None, "life": 21600, "role": "fleet-role", "authorization": None, "numbered": True}
asked = collections.Counter()
given = [0]
lock = threading.Lock()


class Metadata(Handler):
    def do_POST(self):
        with lock:
            state.update(json.loads(self.body()))
            self.respond(200, {"asked": dict(asked), "given": given[0]})

    def do_PUT(self):
        if self.fails():
            return
        if self.path != "/latest/api/token" or not self.headers.get("X-aws-ec2-metadata-token-ttl-seconds"):
            return self.respond(400, b"Bad Request")
        if state["fault"] == "no-token":
            return self.respond(403, b"Forbidden")
        self.respond(200, SESSION.encode())

    def do_GET(self):
        if self.fails():
            return
        if self.path.startswith("/container"):
            if self.headers.get("Authorization") != state["authorization"]:
                return self.respond(401, {"code": "Unauthorized", "message": "wrong authorization"})
            return self.respond(200, self.credentials("container"))
        if self.headers.get("X-aws-ec2-metadata-token") != SESSION:
            return self.respond(401, b"Unauthorized")
        if state["role"] is None:
            return self.respond(404, b"Not Found")
        if self.path == PATH:
            return self.respond(200, state["role"].encode())
        if self.path == PATH + state["role"]:
            if state["fault"] == "denied":
                return self.respond(200, {"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume it"})
            return self.respond(200, {"Code": "Success", "Type": "AWS-HMAC", **self.credentials("instance")})
        self.respond(404, b"Not Found")

    def fails(self):
        with lock:
            asked[self.path] += 1
        if state["fault"] == "hang":
            time.sleep(30)
            return True
        if state["fault"] == "slow":
            time.sleep(0.2)
        if state["fault"] == "error":
            self.respond(500, b"Internal Server Error")
            return True
        if state["fault"] == "garbage" and self.command == "GET" and self.path != PATH:
            self.respond(200, b"<html>garbage</html>")
            return True
        return False

    def credentials(self, kind):
        with lock:
            given[0] += 1
            number = "-%d" % given[0] if state["numbered"] else ""
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=state["life"])
        return {
            "AccessKeyId": "%s-key%s" % (kind, number), "SecretAccessKey": "planted-%s-secret" % kind,
            "Token": "planted-%s-token" % kind, "Expiration": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }


serve(Metadata)
