"""The metadata service of an instance, version 2, and the credentials endpoint of a container (/container).

POST /_control takes {"fault": kind or null, "life": seconds, "role": name or null, "authorization": what /container
wants to be shown, "numbered": whether each answer has a key of its own} and answers {"asked": {path: count}, "given": how many credentials were}. Kinds: "hang", "error"
(500), "garbage", "no-token" (the session token is refused), "denied" (credentials come with another Code), "slow"
(each answer takes a moment).
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
            self.answer(200, {"asked": dict(asked), "given": given[0]})

    def do_PUT(self):
        if self.fails():
            return
        if self.path != "/latest/api/token" or not self.headers.get("X-aws-ec2-metadata-token-ttl-seconds"):
            return self.answer(400, b"Bad Request")
        if state["fault"] == "no-token":
            return self.answer(403, b"Forbidden")
        self.answer(200, SESSION.encode())

    def do_GET(self):
        if self.fails():
            return
        if self.path.startswith("/container"):
            if self.headers.get("Authorization") != state["authorization"]:
                return self.answer(401, {"code": "Unauthorized", "message": "who are you?"})
            return self.answer(200, self.credentials("container"))
        if self.headers.get("X-aws-ec2-metadata-token") != SESSION:
            return self.answer(401, b"Unauthorized")
        if state["role"] is None:
            return self.answer(404, b"Not Found")
        if self.path == PATH:
            return self.answer(200, state["role"].encode())
        if self.path == PATH + state["role"]:
            if state["fault"] == "denied":
                return self.answer(200, {"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume it"})
            return self.answer(200, {"Code": "Success", "Type": "AWS-HMAC", **self.credentials("instance")})
        self.answer(404, b"Not Found")

    def fails(self):
        with lock:
            asked[self.path] += 1
        if state["fault"] == "hang":
            time.sleep(30)
            return True
        if state["fault"] == "slow":
            time.sleep(0.2)
        if state["fault"] == "error":
            self.answer(500, b"Internal Server Error")
            return True
        if state["fault"] == "garbage" and self.command == "GET" and self.path != PATH:
            self.answer(200, b"<html>not what you asked for</html>")
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
