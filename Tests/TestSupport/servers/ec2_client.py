"""Calls the AWS of a test with botocore and other credentials than the provisioner.

Reads {"url", "region", "operation", "parameters", "service": "ec2" by default} from standard input, and prints the
response as JSON.
"""
import json
import sys

import botocore.config
import botocore.session

call = json.load(sys.stdin)
client = botocore.session.get_session().create_client(
    call.get("service", "ec2"), region_name=call["region"], endpoint_url=call["url"], aws_access_key_id="other", aws_secret_access_key="other")
operation = getattr(client, call["operation"])
print(json.dumps(operation(**call["parameters"]), default=str))
