"""Resolves credentials with botocore. Reads environments from standard input, one JSON object a line, and prints a JSON
list with the access key id or the name of the error for each.
"""
import json
import os
import sys

import botocore.session

results = []
for line in sys.stdin:
    os.environ.clear()
    os.environ.update(json.loads(line))
    try:
        credentials = botocore.session.Session().get_credentials()
        results.append({"id": credentials.get_frozen_credentials().access_key} if credentials else {"none": True})
    except Exception as error:
        results.append({"error": type(error).__name__})
print(json.dumps(results))
