"""EC2's operations according to botocore's service model.

Reads a list of {"operation", "parameters"} from standard input, and prints a list of {"pairs": the parameters in EC2's
query protocol, "problem": the validation error of the model, or null}. With the argument `shape` and the name of an
operation it prints the shape of its input instead.
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


def serialized(call):
    model = service.operation_model(call["operation"])
    problem = botocore.validate.ParamValidator().validate(call["parameters"], model.input_shape)
    serializer = botocore.serialize.create_serializer("ec2")
    pairs = serializer.serialize_to_request(call["parameters"], model)["body"]
    return {
        "pairs": {name: str(value) for name, value in pairs.items() if name not in ("Action", "Version")},
        "problem": problem.generate_report() if problem.has_errors() else None,
    }


if sys.argv[1:2] == ["shape"]:
    print(json.dumps(described(service.operation_model(sys.argv[2]).input_shape)))
else:
    print(json.dumps([serialized(call) for call in json.load(sys.stdin)]))
