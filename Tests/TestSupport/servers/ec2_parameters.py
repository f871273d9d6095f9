"""How botocore's service model writes an operation's parameters in EC2's query protocol.

Reads {"operation", "parameters"} from standard input, prints the pairs as a JSON object.
"""
import json
import sys

import botocore.serialize
import botocore.session

wish = json.load(sys.stdin)
model = botocore.session.get_session().get_service_model("ec2").operation_model(wish["operation"])
serializer = botocore.serialize.create_serializer("ec2")
print(json.dumps(serializer.serialize_to_request(wish["parameters"], model)["body"]))
