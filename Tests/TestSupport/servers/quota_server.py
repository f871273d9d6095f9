"""Service Quotas. POST /_control takes {"pages": lists of [quota code, value], "fault": an error code or null, "repeats":
whether the last page names a further page, "body": a response to each call, or null} and returns {"calls": number of calls}."""
import json
import threading

from common import Handler, serve

state = {"pages": [[]], "fault": None, "repeats": False, "body": None}
calls = [0]
lock = threading.Lock()


class ServiceQuotas(Handler):
    def do_POST(self):
        body = self.body()
        with lock:
            if self.path == "/_control":
                state.update(json.loads(body))
                return self.respond(200, {"calls": calls[0]})
            calls[0] += 1
        asked = json.loads(body)
        if (self.headers.get("X-Amz-Target") != "ServiceQuotasV20190624.ListServiceQuotas"
                or asked.get("ServiceCode") != "ec2"
                or "/servicequotas/aws4_request" not in self.headers.get("Authorization", "")):
            return self.respond(400, {"__type": "IllegalArgumentException", "message": "not the listing of EC2"})
        if state["fault"]:
            return self.respond(400, {"__type": state["fault"], "message": "requested by the test"})
        if state["body"] is not None:
            return self.respond(200, state["body"].encode())
        index = int(asked.get("NextToken", "0"))
        page = {"Quotas": [{"QuotaCode": code, "Value": value} for code, value in state["pages"][index]]}
        if index + 1 < len(state["pages"]):
            page["NextToken"] = str(index + 1)
        elif state["repeats"]:
            page["NextToken"] = str(index)
        self.respond(200, page)


serve(ServiceQuotas)
