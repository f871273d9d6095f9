"""The partitions and endpoints of botocore, as JSON: {"partitions": {id: {"suffix", "dualStack", "regions"}}, "endpoints":
[{"service", "region", "fips", "dualStack", "url"}]}. Combinations that botocore does not know are left out.
"""
import json

import botocore.config
import botocore.exceptions
import botocore.loaders
import botocore.session

data = botocore.loaders.create_loader().load_data("partitions")
partitions = {
    partition["id"]: {
        "suffix": partition["outputs"]["dnsSuffix"],
        "dualStack": partition["outputs"]["dualStackDnsSuffix"],
        "regions": [region for region in partition["regions"] if not region.endswith("-global")],
    }
    for partition in data["partitions"]
}
session = botocore.session.get_session()
endpoints = []
for id, partition in partitions.items():
    for service in ("ec2", "sts", "service-quotas"):
        for fips in (False, True):
            for dual_stack in (False, True):
                # botocore's older table of the isolated regions has no suffix of their own for both address families.
                if dual_stack and id.startswith("aws-iso"):
                    continue
                region = partition["regions"][0]
                config = botocore.config.Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual_stack)
                client = session.create_client(
                    service, region_name=region, aws_access_key_id="a", aws_secret_access_key="b", config=config)
                endpoints.append({
                    "service": service, "region": region, "fips": fips, "dualStack": dual_stack,
                    "url": client.meta.endpoint_url,
                })
print(json.dumps({"partitions": partitions, "endpoints": endpoints}))
