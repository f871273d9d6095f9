"""Prints a small valid worker type."""
import json

part = {"launchSpec": {}, "userData": {}, "secrets": {}, "scopes": []}
print(json.dumps({
    **part, "minCapacity": 0, "maxCapacity": 10, "scalingRatio": 0, "minPrice": 0, "maxPrice": 1,
    "instanceTypes": [{**part, "instanceType": "c5.xlarge", "capacity": 1, "utility": 1}],
    "regions": [{**part, "region": "us-east-1", "launchSpec": {"ImageId": "ami-1"}}],
    "description": "for a benchmark", "owner": "owner@example.com",
}))
