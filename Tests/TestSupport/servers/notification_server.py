"""Taskcluster's Notify service at /api/notify/v1/email, and a webhook at /hook. It checks each signature itself.

POST /_control takes {"status": the status of further requests, "hang": whether they get no response} and returns {"emails":
[each accepted payload], "hooks": [each accepted document], "refused": the requests without a valid signature, "attempts":
the number of requests}.
"""
import hashlib
import hmac
import json
import threading
import time

import mohawk

from common import Handler, serve

CREDENTIALS = {"id": "tester", "key": "queue-access-token", "algorithm": "sha256"}
KEY = b"planted-webhook-key"
state = {"status": 200, "hang": False, "emails": [], "hooks": [], "refused": 0, "attempts": 0}
lock = threading.Lock()


class Receiver(Handler):
    def do_POST(self):
        body = self.body()
        if self.path == "/_control":
            with lock:
                state.update(json.loads(body))
                return self.respond(200, {key: state[key] for key in ("emails", "hooks", "refused", "attempts")})
        with lock:
            state["attempts"] += 1
            status, hang = state["status"], state["hang"]
        if hang:
            time.sleep(60)
        accepted, is_signed = {
            "/api/notify/v1/email": ("emails", self.is_hawk), "/hook": ("hooks", self.is_hmac)
        }[self.path]
        if not is_signed(body):
            with lock:
                state["refused"] += 1
            return self.respond(401, {"code": "AuthenticationFailed", "message": "bad signature"})
        if status == 200:
            with lock:
                state[accepted].append(json.loads(body))
        self.respond(status, {} if status == 200 else {"code": "Planned", "message": "planned failure\n---\ndetails"})

    def is_hawk(self, body):
        try:
            mohawk.Receiver(
                lambda _: CREDENTIALS, self.headers["Authorization"], "http://" + self.headers["Host"] + self.path,
                "POST", content=body, content_type=self.headers["Content-Type"], seen_nonce=lambda *_: False)
            return True
        except Exception:
            return False

    def is_hmac(self, body):
        timestamp = self.headers.get("X-Provisioner-Timestamp", "")
        if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
            return False
        expected = "sha256=" + hmac.new(KEY, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, self.headers.get("X-Provisioner-Signature", ""))


serve(Receiver)
