"""moto's S3 with one bucket. s3_server.py BUCKET"""
import sys

import boto3
from moto.server import ThreadedMotoServer

moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
moto.start()
port = moto.get_host_and_port()[1]
boto3.client(
    "s3", endpoint_url="http://127.0.0.1:%d" % port, region_name="us-east-1", aws_access_key_id="a",
    aws_secret_access_key="b").create_bucket(Bucket=sys.argv[1])
print(port, flush=True)
sys.stdin.read()
