"""update_worker_type.py CLIENT_FOLDER ROOT_URL CLIENT_ID ACCESS_TOKEN NAME: updates a worker type to the definition on standard input."""
import base64
import json
import sys

base64.encodestring = base64.encodebytes
folder, root, client_id, access_token, name = sys.argv[1:]
sys.path.insert(0, folder)

import taskcluster

provisioner = taskcluster.AwsProvisioner(
    {"rootUrl": root, "credentials": {"clientId": client_id, "accessToken": access_token}})
provisioner.updateWorkerType(name, json.load(sys.stdin))
