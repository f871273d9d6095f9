"""moto's EC2 for one user with an IAM policy. iam_server.py POLICY KEYFILE

It writes the keys of the user to the file. moto checks signatures and actions. It does not support resources and
conditions, so that they are removed here.
"""
import json
import os
import sys

os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "3"

import boto3
from moto.server import ThreadedMotoServer

policy = json.loads(sys.argv[1])
for statement in policy["Statement"]:
    statement["Resource"] = "*"
    statement.pop("Condition", None)
moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
moto.start()
port = moto.get_host_and_port()[1]
iam = boto3.client(
    "iam", endpoint_url="http://127.0.0.1:%d" % port, region_name="us-east-1", aws_access_key_id="a",
    aws_secret_access_key="b")
iam.create_user(UserName="provisioner")
key = iam.create_access_key(UserName="provisioner")["AccessKey"]
iam.put_user_policy(UserName="provisioner", PolicyName="least", PolicyDocument=json.dumps(policy))
with open(sys.argv[2], "w") as file:
    file.write("%s %s" % (key["AccessKeyId"], key["SecretAccessKey"]))
print(port, flush=True)
sys.stdin.read()
