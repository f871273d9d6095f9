"""A Taskcluster Queue: pendingTasks, declareProvisioner and declareWorkerType. Checks each Hawk header with mohawk.

POST /_control takes {"pending": {workerType: count}, "fault": {workerType: "error" | "hang" | "garbage" | an error's
body}, "declarations": the status of declarations, "offset": seconds that its clock is ahead} and answers {"requests": how many came,
"unsigned": how many bore no valid signature, "declared": {path: [each accepted payload]}, "refused": how many declarations were}.
"""
import json
import threading
import time

import mohawk

from common import Handler, serve

CREDENTIALS = {"id": "tester", "key": "queue-access-token", "algorithm": "sha256"}
state = {"pending": {}, "fault": {}, "requests": 0, "unsigned": 0, "ext": "", "offset": 0,
         "declarations": 200, "declared": {}, "refused": 0}
lock = threading.Lock()


class Queue(Handler):
    def do_POST(self):
        with lock:
            state.update(json.loads(self.body()))
            self.answer(200, {key: state[key] for key in ("requests", "unsigned", "ext", "declared", "refused")})

    def do_GET(self):
        worker_type = self.path.rsplit("/", 1)[-1]
        with lock:
            state["requests"] += 1
            fault = state["fault"].get(worker_type)
        if fault == "hang":
            time.sleep(60)
        elif fault == "garbage":
            self.answer(200, b"<html>not what you asked for</html>")
        elif isinstance(fault, dict):
            self.answer(400, fault)
        elif fault == "error":
            self.answer(500, {"code": "InternalServerError", "message": "queue is ill"})
        elif not self.is_signed():
            self.answer(401, {"code": "AuthenticationFailed", "message": "bad signature\n---\ndetails"})
        else:
            provisioner, name = self.path.split("/")[-2:]
            count = state["pending"].get(name, 0)
            self.answer(200, {"provisionerId": provisioner, "workerType": name, "pendingTasks": count})

    def do_PUT(self):
        body = self.body()
        if not self.is_signed("PUT", body):
            return self.answer(401, {"code": "AuthenticationFailed", "message": "bad signature"})
        with lock:
            status = state["declarations"]
            if status == 200:
                state["declared"].setdefault(self.path, []).append(json.loads(body))
            else:
                state["refused"] += 1
        self.answer(status, json.loads(body) if status == 200 else {"code": "Refused", "message": "queue refuses"})

    def is_signed(self, method="GET", body=None):
        signed = {"accept_untrusted_content": True} if body is None else {"content": body, "content_type": self.headers["Content-Type"]}
        try:
            receiver = mohawk.Receiver(
                lambda _: CREDENTIALS, self.headers["Authorization"],
                "http://" + self.headers["Host"] + self.path, method, **signed, seen_nonce=lambda *_: False,
                localtime_offset_in_seconds=state["offset"])
            with lock:
                state["ext"] = receiver.parsed_header.get("ext", "")
            return True
        except Exception:
            with lock:
                state["unsigned"] += 1
            return False


serve(Queue)
