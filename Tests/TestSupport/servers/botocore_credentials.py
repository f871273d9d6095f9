"""What botocore makes of an environment: reads {"environment": {...}} situations, one a line, and prints for each the
access key id it would sign with, or the name of the error, as a JSON list.
"""
import json
import os
import sys

import botocore.session

answers = []
for line in sys.stdin:
    os.environ.clear()
    os.environ.update(json.loads(line))
    try:
        credentials = botocore.session.Session().get_credentials()
        answers.append({"id": credentials.get_frozen_credentials().access_key} if credentials else {"none": True})
    except Exception as error:
        answers.append({"error": type(error).__name__})
print(json.dumps(answers))
