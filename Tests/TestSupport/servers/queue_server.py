"""The method pendingTasks of a Taskcluster Queue. It checks each Hawk header with mohawk.

POST /_control takes {"pending": {workerType: count}, "fault": {workerType: "error" | "hang" | "garbage" | the
body of an error}, "offset": seconds by which its clock is ahead} and returns {"requests": count, "unsigned": requests
without a valid signature, "ext": the last ext of a header}.
"""
import json
import threading
import time

import mohawk

from common import Handler, serve

CREDENTIALS = {"id": "tester", "key": "queue-access-token", "algorithm": "sha256"}
state = {"pending": {}, "fault": {}, "requests": 0, "unsigned": 0, "ext": "", "offset": 0}
lock = threading.Lock()


class Queue(Handler):
    def do_POST(self):
        with lock:
            state.update(json.loads(self.body()))
            self.respond(200, {key: state[key] for key in ("requests", "unsigned", "ext")})

    def do_GET(self):
        worker_type = self.path.rsplit("/", 1)[-1]
        with lock:
            state["requests"] += 1
            fault = state["fault"].get(worker_type)
        if fault == "hang":
            time.sleep(60)
        elif fault == "garbage":
            self.respond(200, b"<html>garbage</html>")
        elif isinstance(fault, dict):
            self.respond(400, fault)
        elif fault == "error":
            self.respond(500, {"code": "InternalServerError", "message": "planned fault"})
        elif not self.is_signed():
            self.respond(401, {"code": "AuthenticationFailed", "message": "bad signature\n---\ndetails"})
        else:
            provisioner, name = self.path.split("/")[-2:]
            count = state["pending"].get(name, 0)
            self.respond(200, {"provisionerId": provisioner, "workerType": name, "pendingTasks": count})

    def is_signed(self):
        try:
            receiver = mohawk.Receiver(
                lambda _: CREDENTIALS, self.headers["Authorization"],
                "http://" + self.headers["Host"] + self.path, "GET", accept_untrusted_content=True, seen_nonce=lambda *_: False,
                localtime_offset_in_seconds=state["offset"])
            with lock:
                state["ext"] = receiver.parsed_header.get("ext", "")
            return True
        except Exception:
            with lock:
                state["unsigned"] += 1
            return False


serve(Queue)
