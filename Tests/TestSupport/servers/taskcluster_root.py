"""The services below the root URL of a Taskcluster deployment: auth (authenticateHawk, currentScopes), the Queue
(pendingTasks, declarations), and a proxy to the provisioner's API. It verifies signatures with hawk_verifier.

POST /_control takes {"clients": {clientId: {"accessToken": ..., "scopes": [...]}}, "roles": {roleId: [scope]}, "pending":
{workerType: count}, "upstream": the root of the provisioner's web server} and answers {"authenticated": [clientId],
"proxied": [method and path], "declared": [path]}.
"""
import json
import threading
import time
import urllib.error
import urllib.request

from common import Handler, serve
from hawk_verifier import Refused, verify

state = {"clients": {}, "roles": {}, "pending": {}, "upstream": None}
log = {"authenticated": [], "proxied": [], "declared": []}
lock = threading.Lock()
PROXIED = "/api/aws-provisioner/"


class Root(Handler):
    def caller(self):
        with lock:
            clients, roles = dict(state["clients"]), dict(state["roles"])
        return verify(self.headers.get("Authorization"), self.command, "http://" + self.headers["Host"] + self.path, clients, roles)

    def do_POST(self):
        if self.path.startswith(PROXIED):
            return self.proxy()
        body = json.loads(self.body())
        if self.path == "/_control":
            with lock:
                state.update(body)
                return self.respond(200, log)
        if self.path != "/api/auth/v1/authenticate-hawk":
            return self.respond(404, {"code": "ResourceNotFound", "message": "no such method"})
        if not body.get("authorization"):
            return self.respond(200, {"status": "no-auth", "scheme": "none", "scopes": ["assume:anonymous"]})
        try:
            with lock:
                clients, roles = dict(state["clients"]), dict(state["roles"])
            url = "http%s://%s:%d%s" % ("s" if body["port"] == 443 else "", body["host"], body["port"], body["resource"])
            found = verify(body["authorization"], body["method"].upper(), url, clients, roles)
        except Refused as refusal:
            return self.respond(200, {"status": "auth-failed", "message": str(refusal)})
        with lock:
            log["authenticated"].append(found["clientId"])
        expires = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 900))
        answer = {"status": "auth-success", "scheme": "hawk", "expires": expires, **found}
        if not answer["hash"]:
            del answer["hash"]
        self.respond(200, answer)

    def do_GET(self):
        if self.path.startswith(PROXIED):
            return self.proxy()
        found = {"scopes": ["assume:anonymous"]}
        if self.headers.get("Authorization"):
            try:
                found = self.caller()
            except Refused as refusal:
                return self.respond(401, {"code": "AuthenticationFailed", "message": str(refusal)})
        if self.path == "/api/auth/v1/scopes/current":
            return self.respond(200, {"scopes": found["scopes"]})
        if self.path.startswith("/api/queue/v1/pending/"):
            provisioner, name = self.path.split("/")[-2:]
            with lock:
                count = state["pending"].get(name, 0)
            return self.respond(200, {"provisionerId": provisioner, "workerType": name, "pendingTasks": count})
        self.respond(404, {"code": "ResourceNotFound", "message": "no such method"})

    def do_PUT(self):
        if self.path.startswith(PROXIED):
            return self.proxy()
        body = self.body()
        try:
            self.caller()
        except Refused as refusal:
            return self.respond(401, {"code": "AuthenticationFailed", "message": str(refusal)})
        with lock:
            log["declared"].append(self.path)
        self.respond(200, json.loads(body))

    def do_DELETE(self):
        self.proxy()

    def proxy(self):
        """Passes a request on, with the Host header and the path that the client signed."""
        with lock:
            upstream = state["upstream"]
            log["proxied"].append(self.command + " " + self.path)
        if not upstream or not self.path.startswith(PROXIED):
            return self.respond(404, b"nothing is served here")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("connection", "content-length")}
        request = urllib.request.Request(upstream + self.path, data=self.body() or None, method=self.command, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                self.respond(response.status, response.read(), [("Content-Type", response.headers.get("Content-Type") or "text/plain")])
        except urllib.error.HTTPError as error:
            self.respond(error.code, error.read(), [("Content-Type", "application/json")])


serve(Root)
