"""What botocore's service model says of EC2's operations.

Reads a list of {"operation", "parameters"} from standard input, and prints a list of {"pairs": how the operation's
parameters are written in EC2's query protocol, "problem": what the model refuses, or null}. Given the argument `shape`
and an operation's name, prints the form of its input instead.
"""
import json
import sys

import botocore.serialize
import botocore.session
import botocore.validate

service = botocore.session.get_session().get_service_model("ec2")


def described(shape):
    if shape.type_name == "structure":
        members = {name: described(member) for name, member in shape.members.items()}
        return {"type": "object", "members": members, "required": shape.required_members}
    if shape.type_name == "list":
        return {"type": "list", "element": described(shape.member)}
    return {"type": shape.type_name, "enum": getattr(shape, "enum", [])}


def written(wish):
    model = service.operation_model(wish["operation"])
    problem = botocore.validate.ParamValidator().validate(wish["parameters"], model.input_shape)
    serializer = botocore.serialize.create_serializer("ec2")
    pairs = serializer.serialize_to_request(wish["parameters"], model)["body"]
    return {
        "pairs": {name: str(value) for name, value in pairs.items() if name not in ("Action", "Version")},
        "problem": problem.generate_report() if problem.has_errors() else None,
    }


if sys.argv[1:2] == ["shape"]:
    print(json.dumps(described(service.operation_model(sys.argv[2]).input_shape)))
else:
    print(json.dumps([written(wish) for wish in json.load(sys.stdin)]))
