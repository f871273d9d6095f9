"""Generates requests from the schemas of the API, and validates the responses with an independent validator.

api_properties.py ROOT_URL MANAGER_TOKEN EXAMPLES: checks that the API refuses exactly the documents that violate the schema,
never fails, and returns only documented responses. Prints "passed" at the end.
"""
import copy
import datetime
import json
import sys

import hypothesis
import jsonschema
import mohawk
import referencing
import requests
from hypothesis import strategies
from hypothesis_jsonschema import from_schema

root, token, examples = sys.argv[1], sys.argv[2], int(sys.argv[3])
base = root + "/api/aws-provisioner/v1"
keys = {"id": "manager", "key": token, "algorithm": "sha256"}
session = requests.Session()
# The server may close an idle connection while documents are generated.
session.headers["Connection"] = "close"
documents = {}


def schema(name):
    if name not in documents:
        documents[name] = session.get(root + "/schemas/aws-provisioner/v1/" + name).json()
    return documents[name]


def inlined(value):
    """A schema with its references resolved."""
    if isinstance(value, dict):
        if "$ref" in value:
            return inlined(schema(value["$ref"].rstrip("#")))
        return {key: inlined(member) for key, member in value.items() if key not in ("$id", "$schema")}
    return [inlined(member) for member in value] if isinstance(value, list) else value


entries = session.get(root + "/references/aws-provisioner/v1/api.json").json()["entries"]
create = inlined(schema("create-worker-type-request.json"))
secret = inlined(schema("create-secret-request.json"))
stored = jsonschema.Draft6Validator(inlined(schema("get-worker-type-response.json")))
checker = jsonschema.FormatChecker()
part = {"launchSpec": {}, "userData": {}, "secrets": {}, "scopes": []}
definition = {
    **part, "maxCapacity": 10, "scalingRatio": 0.5, "minPrice": 0, "maxPrice": 1, "minCapacity": 0, "canUseSpot": True,
    "canUseOndemand": False, "instanceTypes": [{**part, "instanceType": "c5.xlarge", "capacity": 1, "utility": 1}],
    "regions": [{**part, "region": "us-east-1", "launchSpec": {"ImageId": "ami-12c6146b"}}],
    "availabilityZones": [{"region": "us-east-1", "availabilityZone": "us-east-1b", "launchSpec": {}}],
    "description": "d", "owner": "o@example.com",
}
anything = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.floats(allow_nan=False, allow_infinity=False)
    | strategies.text(max_size=20),
    lambda children: strategies.lists(children, max_size=3) | strategies.dictionaries(strategies.text(max_size=8), children, max_size=3),
    max_leaves=6)


@strategies.composite
def mutated(draw, document):
    """A valid document with one value changed, added or removed."""
    result = copy.deepcopy(document)
    place = result
    while True:
        inner = [value for value in (place.values() if isinstance(place, dict) else place) if isinstance(value, (dict, list)) and value]
        if not inner or draw(strategies.booleans()):
            break
        place = draw(strategies.sampled_from(inner))
    key = draw(strategies.sampled_from(sorted(place) if isinstance(place, dict) else list(range(len(place)))))
    kind = draw(strategies.sampled_from(["change", "remove", "add"]))
    if kind == "change":
        place[key] = draw(anything)
    elif kind == "remove":
        del place[key]
    elif isinstance(place, dict):
        place[draw(strategies.text(min_size=1, max_size=8))] = draw(anything)
    else:
        place.append(draw(anything))
    return result


def send(method, path, document):
    body = json.dumps(document).encode()
    header = mohawk.Sender(keys, base + path, method, content=body, content_type="application/json").request_header
    response = session.request(
        method, base + path, data=body, headers={"Authorization": header, "Content-Type": "application/json"})
    assert response.status_code < 500, (response.status_code, response.text, document)
    return response


def check(response, schema, document):
    is_valid = jsonschema.Draft6Validator(schema, format_checker=checker).is_valid(document)
    code = response.json().get("code")
    assert (code == "InputValidationError") == (not is_valid), (code, is_valid, document, response.text[:2000])
    if response.status_code != 200:
        assert set(response.json()) == {"code", "message", "requestInfo"}, response.text


settings = hypothesis.settings(
    max_examples=examples, deadline=None, database=None, derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck))


@settings
@hypothesis.given(mutated(definition) | from_schema(create))
def worker_types(document):
    name = "/worker-type/property"
    if send("PUT", name, document).status_code == 409:
        response = send("POST", name + "/update", document)
    else:
        response = send("PUT", name, document)
    check(response, create, document)
    if response.status_code == 200:
        stored.validate(response.json())
        assert session.get(base + name).json() == response.json()
        for path in ("/state/property", "/list-worker-type-summaries", name + "/launch-specifications"):
            assert session.get(base + path).status_code == 200, path


token_ = "AAAAAAAAQAKAAAAAAAAAAA"
expiration = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
good = {"workerType": "w", "secrets": {}, "scopes": [], "token": token_, "expiration": expiration}


@settings
@hypothesis.given(mutated(good) | from_schema(secret))
def secrets(document):
    if isinstance(document.get("expiration"), str) and not document["expiration"].endswith("Z"):
        return  # Validators differ in their support of offsets and leap seconds of RFC 3339.
    response = send("PUT", "/secret/" + token_, document)
    if isinstance(document.get("workerType"), str) or response.status_code != 403:
        check(response, secret, document)


@settings
@hypothesis.given(strategies.sampled_from(["GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"]), strategies.text(max_size=30), strategies.binary(max_size=50))
def anywhere(method, path, body):
    response = session.request(method, base + "/" + requests.utils.quote(path), data=body)
    assert response.status_code < 500, (method, path, response.text)


values = {
    "workerType": strategies.sampled_from(["property", "w"]), "token": strategies.just(token_),
    "instanceId": strategies.sampled_from(["i-0123456789abcdef0", "i-01234567", "i-012"]),
}


@settings
@hypothesis.given(strategies.sampled_from([entry for entry in entries if entry["method"] in ("get", "delete")]), strategies.data())
def routes(entry, data):
    """Calls all methods without a body, at the path of the reference, with valid and arbitrary parameters."""
    path = entry["route"]
    for name in entry["args"]:
        value = data.draw(values[name] | strategies.text(min_size=1, max_size=12))
        path = path.replace("<%s>" % name, requests.utils.quote(value, safe=""))
    response = session.request(entry["method"].upper(), base + path)
    assert response.status_code < 500, (path, response.text)
    if response.status_code == 200:
        output = inlined(schema(entry["output"].split("/")[1].rstrip("#"))) if "output" in entry else {}
        jsonschema.Draft6Validator(output, format_checker=checker).validate(response.json())
    elif "Access-Control-Allow-Origin" not in response.headers:
        # The web server refuses control characters, and paths outside of the program.
        assert response.status_code in (400, 404), (path, response.text)
    elif response.status_code != 204:
        assert set(response.json()) == {"code", "message", "requestInfo"}, response.text


# All methods with a request body must be tested above.
inputs = {entry["name"]: entry["input"] for entry in entries if "input" in entry}
assert inputs == {
    "createWorkerType": "v1/create-worker-type-request.json#", "updateWorkerType": "v1/create-worker-type-request.json#",
    "createSecret": "v1/create-secret-request.json#"}, inputs
worker_types()
secrets()
routes()
anywhere()
print("passed")
