"""The method authenticateHawk of an auth service. POST /_control takes {"answer": ..., "status": ...}."""
import json

from common import Handler, serve

state = {"answer": {"status": "no-auth"}, "status": 200, "asked": None}


class Auth(Handler):
    def do_POST(self):
        body = json.loads(self.body())
        if self.path == "/_control":
            state.update(body)
            return self.respond(200, state)
        assert self.path == "/api/auth/v1/authenticate-hawk", self.path
        state["asked"] = body
        self.respond(state["status"], state["answer"])


serve(Auth)
