"""Validates JSON documents with their schemas.

json_documents.py FILE: FILE contains an array of objects with the members name, schema and documents. The script prints a
line for each problem. A member that a schema does not name is a problem.
"""
import json
import sys

import jsonschema

CHECKER = jsonschema.FormatChecker()
assert "date-time" in CHECKER.checkers


def strict(part):
    """The schema without other members in its objects."""
    if isinstance(part, list):
        return [strict(each) for each in part]
    if not isinstance(part, dict):
        return part
    part = {name: strict(value) for name, value in part.items()}
    if isinstance(part.get("properties"), dict) and part.get("type") == "object":
        part["additionalProperties"] = False
    return part


def deepest(error):
    """The most specific reason of a failed alternative."""
    return deepest(jsonschema.exceptions.best_match(error.context)) if error.context else error


for item in json.load(open(sys.argv[1])):
    jsonschema.Draft202012Validator.check_schema(item["schema"])
    validator = jsonschema.Draft202012Validator(strict(item["schema"]), format_checker=CHECKER)
    for document in item["documents"]:
        for error in validator.iter_errors(document):
            error = deepest(error)
            print(f"{item['name']}: {error.json_path}: {error.message[:300]}")
