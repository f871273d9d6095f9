"""Plays the start of the workers of the original service: generic-worker, and docker-worker before and since 2018.

worker_start.py KIND INSTANCE REGION: JSON on standard input with the EC2 "endpoint", the "root" URL of Taskcluster, the clients
of its auth service, and its roles. Each step is that of
the worker:
user data from the metadata service of version 1, getSecret, removeSecret, and the signed workerType call that a worker
repeats every half hour. The credentials are verified as the auth service does it. Prints "passed".
"""
import http.server
import json
import sys
import threading
import urllib.error
import urllib.request

sys.path.insert(0, __file__.rsplit("/", 2)[0] + "/servers")

import base64

import botocore.session
import mohawk

import hawk_verifier

kind, instance_id, region = sys.argv[1:]
given = json.load(sys.stdin)
ec2 = botocore.session.get_session().create_client(
    "ec2", region_name=region, endpoint_url=given["endpoint"], aws_access_key_id="x", aws_secret_access_key="x")


def described():
    [reservation] = ec2.describe_instances(InstanceIds=[instance_id])["Reservations"]
    return reservation["Instances"][0]


class Metadata(http.server.BaseHTTPRequestHandler):
    """The metadata service of the instance. EC2 refuses version 1 where the instance requires tokens."""

    def do_GET(self):
        instance = described()
        if instance.get("MetadataOptions", {}).get("HttpTokens") == "required":
            return self.respond(401, b"")
        documents = {
            "/latest/meta-data/instance-id": instance["InstanceId"].encode(),
            "/latest/meta-data/instance-type": instance["InstanceType"].encode(),
            "/latest/meta-data/placement/availability-zone": instance["Placement"]["AvailabilityZone"].encode(),
            "/latest/user-data": base64.b64decode(ec2.describe_instance_attribute(
                InstanceId=instance_id, Attribute="userData")["UserData"]["Value"]),
        }
        self.respond(200 if self.path in documents else 404, documents.get(self.path, b""))

    def respond(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


metadata = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Metadata)
threading.Thread(target=metadata.serve_forever, daemon=True).start()


def read_metadata(path):
    with urllib.request.urlopen("http://127.0.0.1:%d/latest/%s" % (metadata.server_address[1], path)) as response:
        return response.read().decode()


def call(method, url, authorization=None):
    """The status, and the JSON of the response if there is any."""
    request = urllib.request.Request(url, method=method, headers={"Authorization": authorization} if authorization else {})
    try:
        with urllib.request.urlopen(request) as response:
            body = response.read()
            return response.status, json.loads(body) if body else None
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


# User data, from the metadata service of version 1.
user_data = json.loads(read_metadata("user-data"))
assert read_metadata("meta-data/instance-id") == instance_id
assert read_metadata("meta-data/instance-type") == user_data["instanceType"]
assert read_metadata("meta-data/placement/availability-zone") == user_data["availabilityZone"]
assert user_data["data"] == {"setting": "value"}, user_data
worker_type, token = user_data["workerType"], user_data["securityToken"]
assert user_data["taskclusterRootUrl"] == given["root"]
# generic-worker and the older docker-worker use the base URL, docker-worker since 2018 the root URL.
base = {"generic-worker": user_data["provisionerBaseUrl"], "docker-worker": user_data["provisionerBaseUrl"],
        "docker-worker-2018": user_data["taskclusterRootUrl"] + "/api/aws-provisioner/v1"}[kind]

# The secret, without a signature.
status, secret = call("GET", "%s/secret/%s" % (base, token))
assert status == 200, (status, secret)
assert secret["data"] == {"password": "planted-worker-secret"}, secret
credentials = secret["credentials"]
assert isinstance(credentials["certificate"], str)
certificate = json.loads(credentials["certificate"])


def signed(method, url, hides=None):
    ext = {"certificate": certificate}
    if hides is not None:
        ext["certificate"] = dict(certificate, scopes=hides)
    return mohawk.Sender(
        {"id": credentials["clientId"], "key": credentials["accessToken"], "algorithm": "sha256"}, url, method, content="",
        content_type="", always_hash_content=False, ext=base64.b64encode(json.dumps(ext).encode()).decode()).request_header


# The credentials claim tasks: the auth service accepts them with the scopes of the worker, and no others.
queue = given["root"] + "/api/queue/v1/claim-work/%s/%s" % (user_data["provisionerId"], worker_type)
found = hawk_verifier.verify(signed("POST", queue), "POST", queue, given["clients"], given["roles"])
needed = ["assume:worker-type:%s/%s" % (user_data["provisionerId"], worker_type), "assume:worker-id:*", "worker:cache:*"]
assert set(needed) <= set(found["scopes"]), found
assert set(certificate["scopes"]) == set(needed), certificate
try:
    hawk_verifier.verify(signed("POST", queue, ["*"]), "POST", queue, given["clients"], given["roles"])
    raise AssertionError("a certificate with other scopes is accepted")
except hawk_verifier.Refused:
    pass

# The removal. The secret is gone, for good.
assert call("DELETE", "%s/secret/%s" % (base, token))[0] == 204
assert call("GET", "%s/secret/%s" % (base, token))[0] == 404
assert call("DELETE", "%s/secret/%s" % (base, token))[0] == 204

# The call that a worker repeats every half hour to see whether its definition changed. It is signed.
for _ in range(2):
    url = "%s/worker-type/%s" % (base, worker_type)
    status, definition = call("GET", url, signed("GET", url))
    assert status == 200, (status, definition)
    assert definition["workerType"] == worker_type and definition["lastModified"] == user_data["lastModified"], definition
    assert "planted" not in json.dumps(definition), "a worker sees the secrets of its definition"
print("passed")
