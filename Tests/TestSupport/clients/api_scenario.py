"""A scenario of all methods of the API, with an unmodified published Taskcluster client.

api_scenario.py CLIENT_FOLDER ROOT_URL MANAGER_TOKEN WEAK_TOKEN ISSUER_TOKEN ADMIN_TOKEN: validates all responses with the schemas
of the API. Prints "passed" at the end, and raises an exception for an unexpected response.
"""
import base64
import copy
import datetime
import hashlib
import hmac
import json
import sys
import time

# The clients of 2019 call functions that Python 3.9 removed.
base64.encodestring = base64.encodebytes
base64.decodestring = base64.decodebytes
folder, root, manager_token, weak_token, issuer_token, admin_token = sys.argv[1:]
sys.path.insert(0, folder)

import jsonschema
import mohawk
import referencing
import requests
import slugid
import taskcluster

import taskcluster.exceptions

make_temporary = getattr(taskcluster, "createTemporaryCredentials", None) or taskcluster.client.createTemporaryCredentials
is_old = "baseUrl" in taskcluster.AwsProvisioner.classOptions


def make_without_client(client_id, token, start, expiry, scopes, name=None):
    """Replaces createTemporaryCredentials. That of client 4.0.1 requires Python 2."""
    seed = slugid.nice() + slugid.nice()
    certificate = {"version": 1, "scopes": scopes, "seed": seed,
                   "start": int(start.timestamp() * 1000), "expiry": int(expiry.timestamp() * 1000)}
    lines = ["version:1"]
    if name:
        certificate["issuer"] = client_id
        lines += ["clientId:" + name, "issuer:" + client_id]
    lines += ["seed:" + seed, "start:%d" % certificate["start"], "expiry:%d" % certificate["expiry"], "scopes:"] + scopes

    def mac(text):
        return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha256).digest()).decode()

    certificate["signature"] = mac("\n".join(lines))
    access_token = mac(seed).replace("+", "-").replace("/", "_").rstrip("=")
    return {"clientId": name or client_id, "accessToken": access_token, "certificate": json.dumps(certificate)}


if is_old:
    make_temporary = make_without_client
name = "scenario-" + slugid.nice()[:8]


def client(client_id=None, token=None, certificate=None, **options):
    if is_old:
        options["baseUrl"] = root + "/api/aws-provisioner/v1"
    else:
        options["rootUrl"] = root
    if client_id:
        credentials = {"clientId": client_id, "accessToken": token}
        if certificate:
            credentials["certificate"] = certificate
        options["credentials"] = credentials
    options["maxRetries"] = 0
    return taskcluster.AwsProvisioner(options)


# The served schemas, for an independent validator.
reference = requests.get(root + "/references/aws-provisioner/v1/api.json").json()
assert requests.get(root + "/references/manifest.json").json()["references"] == ["/references/aws-provisioner/v1/api.json"]
outputs = {entry["name"]: entry.get("output") for entry in reference["entries"]}
assert len(reference["entries"]) == 15, outputs


def retrieve(uri):
    path = "/schemas" + uri.split("/schemas", 1)[1].rstrip("#")
    response = requests.get(root + path)
    assert response.status_code == 200, path
    return referencing.Resource.from_contents(response.json())


registry = referencing.Registry(retrieve=retrieve)


def valid(method, response):
    if outputs[method]:
        document = retrieve("/schemas/aws-provisioner/" + outputs[method]).contents
        jsonschema.Draft6Validator(
            document, registry=registry, format_checker=jsonschema.FormatChecker()).validate(response)
    return response


def refused(status, code, call, *arguments):
    try:
        call(*arguments)
    except (taskcluster.exceptions.TaskclusterRestFailure, taskcluster.exceptions.TaskclusterAuthFailure) as failure:
        assert failure.status_code == status, (failure.status_code, failure.body)
        assert failure.body["code"] == code, failure.body
        assert "* errorCode:  " + code in failure.body["message"], failure.body
        assert set(failure.body["requestInfo"]) == {"method", "params", "payload", "time"}
        assert "planted" not in json.dumps(failure.body)
        return failure.body
    raise AssertionError("not refused: %s" % (call,))


part = {"launchSpec": {}, "userData": {}, "secrets": {}, "scopes": []}
definition = {
    **part, "maxCapacity": 10, "scalingRatio": 0.5, "minPrice": 0, "maxPrice": 1, "scopes": ["worker:cache:x"],
    "secrets": {"password": "planted"}, "launchSpec": {"SecurityGroups": ["default"]},
    "instanceTypes": [{**part, "instanceType": "c5.xlarge", "capacity": 1, "utility": 1}],
    "regions": [{**part, "region": "us-east-1", "launchSpec": {"ImageId": "ami-12c6146b"}}],
    "description": "d", "owner": "o@example.com",
}

anonymous = client()


def hide(document):
    """The document with a placeholder for the value of each secret."""
    if isinstance(document, list):
        return [hide(value) for value in document]
    if not isinstance(document, dict):
        return document
    return {key: dict.fromkeys(value, "<secret>") if key == "secrets" else hide(value) for key, value in document.items()}


manager = client("manager", manager_token)
weak = client("weak", weak_token)

assert anonymous.ping()["alive"] is True
valid("backendStatus", anonymous.backendStatus())

# Worker types.
refused(403, "InsufficientScopes", anonymous.createWorkerType, name, definition)
refused(403, "InsufficientScopes", weak.createWorkerType, name, definition)
refused(401, "AuthenticationFailed", client("manager", "wrong").createWorkerType, name, definition)
assert client("unknown", "wrong").listWorkerTypes() == anonymous.listWorkerTypes()
created = valid("createWorkerType", manager.createWorkerType(name, definition))
assert created["workerType"] == name and created["minCapacity"] == 0 and created["canUseSpot"] is True
assert manager.createWorkerType(name, definition) == created
refused(403, "InsufficientScopes", manager.createWorkerType, name + "-s", dict(definition, scopes=["b:c"]))
refused(403, "InsufficientScopes", manager.updateWorkerType, name, dict(definition, scopes=["*"]))
other = copy.deepcopy(definition)
other["maxCapacity"] = 11
refused(409, "RequestConflict", manager.createWorkerType, name, other)
broken = copy.deepcopy(definition)
broken["instanceTypes"][0]["utility"] = "big"
broken["surprise"] = 1
body = refused(400, "InputValidationError", manager.createWorkerType, name, broken)
assert "instanceTypes[0].utility: must be a number" in body["message"] and "surprise" in body["message"]
impossible = copy.deepcopy(definition)
impossible["minCapacity"] = 100
refused(400, "InputError", manager.createWorkerType, name, impossible)
lost = copy.deepcopy(definition)
lost["regions"][0]["launchSpec"]["ImageId"] = "ami-00000000"
assert "ami-00000000" in refused(400, "InputError", manager.updateWorkerType, name, lost)["message"]
updated = valid("updateWorkerType", manager.updateWorkerType(name, other))
assert updated["maxCapacity"] == 11 and updated["lastModified"] > created["lastModified"]
refused(404, "ResourceNotFound", manager.updateWorkerType, name + "-x", other)
assert valid("workerType", manager.workerType(name)) == updated
assert valid("workerType", anonymous.workerType(name)) == hide(updated)
refused(404, "ResourceNotFound", anonymous.workerType, name + "-x")
last = valid("workerTypeLastModified", anonymous.workerTypeLastModified(name))
assert last == {"workerType": name, "lastModified": updated["lastModified"]}
refused(404, "ResourceNotFound", anonymous.workerTypeLastModified, name + "-x")
assert name in valid("listWorkerTypes", anonymous.listWorkerTypes())
summaries = valid("listWorkerTypeSummaries", anonymous.listWorkerTypeSummaries())
assert [s for s in summaries if s["workerType"] == name][0]["maxCapacity"] == 11
specs = valid("getLaunchSpecs", anonymous.getLaunchSpecs(name))
spec = specs["us-east-1"]["c5.xlarge"]
assert spec["launchSpec"]["Placement"]["AvailabilityZone"] == "us-east-1a"
assert json.loads(base64.b64decode(spec["launchSpec"]["UserData"])) == spec["userData"]
assert spec["userData"]["price"] == 1 and spec["userData"]["spotBid"] == 1
state = valid("state", anonymous.state(name))
assert state["instances"] == [] and state["summary"]["maxCapacity"] == 11
refused(404, "ResourceNotFound", anonymous.state, name + "-x")
refused(400, "InvalidRequestArguments", anonymous.workerType, "no%20name")

# Secrets.
token = slugid.nice()
secret = {
    "workerType": name, "secrets": {"planted": "planted"}, "scopes": ["a:b"], "token": token,
    "expiration": (datetime.datetime.utcnow() + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
}
refused(403, "InsufficientScopes", weak.createSecret, token, secret)
body = refused(403, "InsufficientScopes", manager.createSecret, token, dict(secret, scopes=["a:b", "b:c"]))
assert "* b:c" in body["message"], body
assert manager.createSecret(token, secret) == {"outcome": "success"} == manager.createSecret(token, secret)
refused(409, "RequestConflict", manager.createSecret, token, dict(secret, scopes=[]))
refused(400, "InputValidationError", manager.createSecret, token, dict(secret, expiration="soon", more=1))
refused(404, "ResourceNotFound", anonymous.instanceStarted, "i-0123456789abcdef0", slugid.nice())
anonymous.instanceStarted("i-0123456789abcdef0", token)
anonymous.instanceStarted("i-0123456789abcdef0", token)
refused(403, "InsufficientScopes", anonymous.instanceStarted, "i-01234567", token)
refused(400, "InvalidRequestArguments", anonymous.instanceStarted, "i-012", token)
got = valid("getSecret", anonymous.getSecret(token))
assert got["data"] == secret["secrets"] and got["scopes"] == ["a:b"]
refused(404, "ResourceNotFound", anonymous.getSecret, token)
anonymous.instanceStarted("i-0123456789abcdef0", token)
anonymous.removeSecret(token)
anonymous.removeSecret(token)
refused(404, "ResourceNotFound", anonymous.instanceStarted, "i-0123456789abcdef0", token)

# A worker gets temporary credentials in the format of the published clients.
certificate = json.loads(got["credentials"]["certificate"])
assert certificate["scopes"] == [
    "assume:worker-type:test-provisioner/" + name, "assume:worker-id:*", "a:b"], certificate
assert abs(certificate["expiry"] / 1000 - time.time() - 96 * 3600) < 60
assert got["credentials"]["clientId"] == "aws-provisioner/issuer"
worker = client(got["credentials"]["clientId"], got["credentials"]["accessToken"], got["credentials"]["certificate"])
worker.ping()
refused(403, "InsufficientScopes", worker.removeWorkerType, name)
tampered = dict(certificate, scopes=["*"])
cheat = client(got["credentials"]["clientId"], got["credentials"]["accessToken"], json.dumps(tampered))
refused(401, "AuthenticationFailed", cheat.removeWorkerType, name)

# Temporary, named temporary and restricted credentials.
now = datetime.datetime.now(datetime.timezone.utc)
start, expiry = now - datetime.timedelta(minutes=5), now + datetime.timedelta(hours=1)
scope = "aws-provisioner:manage-worker-type:" + name
temporary = make_temporary("manager", manager_token, start, expiry, [scope])
third = copy.deepcopy(definition)
third["maxCapacity"] = 12
holder = client(temporary["clientId"], temporary["accessToken"], temporary["certificate"])
assert holder.updateWorkerType(name, third)["maxCapacity"] == 12
refused(403, "InsufficientScopes", holder.updateWorkerType, name + "-y", third)
named = make_temporary("admin", admin_token, start, expiry, [scope], name="named/one")
holder = client("named/one", named["accessToken"], named["certificate"])
third["maxCapacity"] = 13
assert holder.updateWorkerType(name, third)["maxCapacity"] == 13
issued = make_temporary("aws-provisioner/issuer", issuer_token, start, expiry, [scope])
refused(401, "AuthenticationFailed", client("aws-provisioner/issuer", issued["accessToken"], issued["certificate"]).removeWorkerType, name)
forbidden = make_temporary("manager", manager_token, start, expiry, [scope], name="named/two")
refused(401, "AuthenticationFailed", client("named/two", forbidden["accessToken"], forbidden["certificate"]).removeWorkerType, name)
overstepping = make_temporary("weak", weak_token, start, expiry, [scope])
refused(401, "AuthenticationFailed", client("weak", overstepping["accessToken"], overstepping["certificate"]).removeWorkerType, name)
expired = make_temporary("manager", manager_token, now - datetime.timedelta(hours=3), now - datetime.timedelta(hours=2), [scope])
refused(401, "AuthenticationFailed", client("manager", expired["accessToken"], expired["certificate"]).removeWorkerType, name)
restricted = client("manager", manager_token, authorizedScopes=["aws-provisioner:manage-worker-type:other"])
refused(403, "InsufficientScopes", restricted.removeWorkerType, name)
refused(401, "AuthenticationFailed", client("weak", weak_token, authorizedScopes=["*"]).removeWorkerType, name)

# Signed URLs.
link = manager.buildSignedUrl("workerType", name)
hidden = dict(third, secrets={"password": "planted"})
assert manager.updateWorkerType(name, hidden)["secrets"] == {"password": "planted"}
assert requests.get(link).json()["secrets"] == {"password": "planted"}
# Invalid credentials make the caller of a public method anonymous.
for response in [requests.get(link[:-8] + "AAAAAAAA"),
                 requests.get(link, headers={"Authorization": "Hawk id=\"x\""})]:
    assert response.status_code == 200 and response.json()["secrets"] == {"password": "<secret>"}, response.text
assert anonymous.workerType(name)["secrets"] == {"password": "<secret>"}
assert manager.updateWorkerType(name, third)["secrets"] == third.get("secrets", {})

# Hawk by an independent implementation: payload hash, wrong hash, replay, stale time.
keys = {"id": "manager", "key": manager_token, "algorithm": "sha256"}
url = root + "/api/aws-provisioner/v1/worker-type/%s/update" % name
payload = json.dumps(third)


def send(sender, content=payload):
    return requests.post(url, data=content, headers={
        "Authorization": sender.request_header, "Content-Type": "application/json"})


sender = mohawk.Sender(keys, url, "POST", content=payload, content_type="application/json")
assert send(sender).status_code == 200
replayed = send(sender)
assert replayed.status_code == 401 and "replay" in replayed.json()["message"]
sender = mohawk.Sender(keys, url, "POST", content=payload, content_type="application/json")
assert send(sender, payload + " ").status_code == 401
sender = mohawk.Sender(keys, url, "POST", content=payload, content_type="application/json", _timestamp=int(time.time()) - 1000)
stale = send(sender)
assert stale.status_code == 401 and 'tsm="' in stale.headers["WWW-Authenticate"], stale.headers

# HTTP.
base = root + "/api/aws-provisioner/v1"
head = requests.head(base + "/ping")
# Apache omits the length of a body that it does not send.
assert head.status_code == 200 and head.content == b"" and head.headers.get("Content-Length") != "0"
options = requests.options(base + "/secret/x")
assert options.status_code == 200 and options.content == b""
assert options.headers["Access-Control-Allow-Origin"] == "*" and "DELETE" in options.headers["Access-Control-Allow-Methods"]
wrong = requests.patch(base + "/ping")
assert wrong.status_code == 405 and wrong.headers["Allow"] == "GET, HEAD, OPTIONS" and "code" in wrong.json()
assert requests.get(base + "/nothing").json()["code"] == "ResourceNotFound"
assert requests.get(base + "/ping?x=1").json()["code"] == "InvalidRequestArguments"
# Unusual names reach the program, which returns documented errors.
for odd in ("a%2Fb", "a%20b", "%C3%A9", "a%25b", "a;b", "a%3Fb", "a%23b"):
    response = requests.get(base + "/worker-type/" + odd)
    assert response.status_code in (400, 404) and response.json()["code"] in ("InvalidRequestArguments", "ResourceNotFound"), response.text
big = requests.put(base + "/worker-type/" + name, data=b"x" * (1024 * 1024 + 1), headers={"Content-Type": "application/json"})
assert big.status_code == 413 and big.json()["code"] == "InputTooLarge", big.status_code
for kind, content in (("text/plain", "{}"), ("application/json", "{"), ("application/json", "[]")):
    response = requests.put(base + "/secret/" + slugid.nice(), data=content, headers={"Content-Type": kind})
    assert response.status_code == 400 and response.json()["code"] == "MalformedPayload", response.text
    # If the path determines the scope, the API checks it before it reads the body.
    response = requests.put(base + "/worker-type/" + name, data=content, headers={"Content-Type": kind})
    assert response.status_code == 403 and response.json()["code"] == "InsufficientScopes", response.text

manager.removeWorkerType(name)
manager.removeWorkerType(name)
refused(404, "ResourceNotFound", anonymous.workerType, name)
print("passed")
