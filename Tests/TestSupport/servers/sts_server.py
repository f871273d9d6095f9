"""STS whose responses depend on the request: the access key id is derived from the role, the caller and the parameters.

Generated session names are ignored. POST /_control takes {"fault": an error code or null, "life": seconds} and returns
{"asked": number of requests}.
"""
import datetime
import hashlib
import json
import re
import threading
import urllib.parse

from common import Handler, serve

state = {"fault": None, "life": 3600}
asked = [0]
lock = threading.Lock()


class STS(Handler):
    def do_POST(self):
        body = self.body().decode()
        if self.path == "/_control":
            with lock:
                state.update(json.loads(body))
                return self.respond(200, {"asked": asked[0]})
        with lock:
            asked[0] += 1
        parameters = dict(urllib.parse.parse_qsl(body))
        if state["fault"]:
            return self.respond(400 if "Denied" in state["fault"] else 503, (
                "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>requested by the test</Message>"
                "</Error></ErrorResponse>" % state["fault"]).encode())
        signer = re.search("Credential=([^/]+)/[0-9]+/([^/]+)/sts/", self.headers.get("Authorization", ""))
        name = parameters["RoleSessionName"]
        identity = [
            parameters["Action"], parameters["RoleArn"], signer.groups() if signer else None,
            self.headers.get("X-Amz-Security-Token"), parameters.get("ExternalId"), parameters.get("DurationSeconds"),
            parameters.get("WebIdentityToken"), None if re.match("botocore-session-|aws-provisioner$", name) else name,
        ]
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=state["life"])
        key = "ASIA" + hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:16].upper()
        self.respond(200, (
            "<{0}Response xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><{0}Result><Credentials>"
            "<AccessKeyId>{1}</AccessKeyId><SecretAccessKey>planted-role-secret</SecretAccessKey>"
            "<SessionToken>token-of-{1}</SessionToken><Expiration>{2}</Expiration></Credentials>"
            "<AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>arn:aws:sts::1:assumed-role/x</Arn>"
            "</AssumedRoleUser></{0}Result></{0}Response>"
        ).format(parameters["Action"], key, end.strftime("%Y-%m-%dT%H:%M:%SZ")).encode(), [("Content-Type", "text/xml")])


serve(STS)
