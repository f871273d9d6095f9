"""moto's EC2 to one user who may do what an IAM policy allows. iam_server.py POLICY KEYFILE

The keys of the user are written into the file. moto checks signatures and actions; resources and conditions it does not know,
so that they are left out here.
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
