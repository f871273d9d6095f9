"""Reads the EC2 responses in a folder with the parser of botocore, and prints the minimum of three times in seconds."""
import glob
import sys
import time

import botocore.parsers
import botocore.session

model = botocore.session.get_session().get_service_model("ec2")
parser = botocore.parsers.create_parser("ec2")
best = float("inf")
for _ in range(3):
    begin = time.perf_counter()
    for kind, operation in (("instances", "DescribeInstances"), ("prices", "DescribeSpotPriceHistory")):
        shape = model.operation_model(operation).output_shape
        for path in glob.glob("%s/%s-*.xml" % (sys.argv[1], kind)):
            with open(path, "rb") as file:
                parser.parse({"status_code": 200, "headers": {}, "body": file.read()}, shape)
    best = min(best, time.perf_counter() - begin)
print(best)
