"""A Taskcluster Queue: pendingTasks, taskQueueCounts, declareProvisioner and declareWorkerType. It checks each Hawk header with mohawk.

POST /_control takes {"pending": {workerType: count}, "counts": {workerType: the body of taskQueueCounts, or its status}
(404 for other worker types), "fault": {workerType: "error" | "hang" | "garbage" | the
body of an error}, "declarations": the status of declarations, "offset": seconds by which its clock is ahead} and returns
{"requests": count, "unsigned": requests without a valid signature, "ext": the last ext of a header, "declared":
{path: [each accepted payload]}, "refused": the number of refused declarations, "countCalls": the number of calls of
taskQueueCounts}.
"""
import json
import threading
import time

import mohawk

from common import Handler, serve

CREDENTIALS = {"id": "tester", "key": "queue-access-token", "algorithm": "sha256"}
state = {"pending": {}, "counts": {}, "countCalls": 0, "fault": {}, "requests": 0, "unsigned": 0, "ext": "", "offset": 0,
         "declarations": 200, "declared": {}, "refused": 0}
lock = threading.Lock()


class Queue(Handler):
    def do_POST(self):
        with lock:
            state.update(json.loads(self.body()))
            self.respond(200, {key: state[key] for key in ("requests", "unsigned", "ext", "declared", "refused", "countCalls")})

    def do_GET(self):
        if self.path.startswith("/api/queue/v1/task-queues/"):
            return self.task_queue_counts()
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

    def task_queue_counts(self):
        queue, method = self.path.removeprefix("/api/queue/v1/task-queues/").split("/")
        provisioner, name = queue.split("%2F")
        with lock:
            state["countCalls"] += 1
            counts = state["counts"].get(name, 404)
        if method != "counts" or isinstance(counts, int):
            return self.respond(counts, {"code": "Refused", "message": "no counts"})
        if not self.is_signed():
            return self.respond(401, {"code": "AuthenticationFailed", "message": "bad signature"})
        self.respond(200, {"taskQueueId": f"{provisioner}/{name}", **counts})

    def do_PUT(self):
        body = self.body()
        if not self.is_signed("PUT", body):
            return self.respond(401, {"code": "AuthenticationFailed", "message": "bad signature"})
        with lock:
            status = state["declarations"]
            if status == 200:
                state["declared"].setdefault(self.path, []).append(json.loads(body))
            else:
                state["refused"] += 1
        self.respond(status, json.loads(body) if status == 200 else {"code": "Refused", "message": "queue refuses"})

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
