"""botocore against the AWS of a test, as somebody else than the provisioner.

Reads {"url", "region", "operation", "parameters"}, and "service" for another than EC2, from standard input, prints the answer as JSON.
"""
import json
import sys

import botocore.config
import botocore.session

wish = json.load(sys.stdin)
client = botocore.session.get_session().create_client(
    wish.get("service", "ec2"), region_name=wish["region"], endpoint_url=wish["url"], aws_access_key_id="somebody", aws_secret_access_key="else")
operation = getattr(client, wish["operation"])
print(json.dumps(operation(**wish["parameters"]), default=str))
