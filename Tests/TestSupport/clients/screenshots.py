"""Takes pictures of the status page: screenshots.py PROGRAM DATABASE FOLDER."""
import json
import os
import subprocess
import sys

import browser

program, database, folder = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
environment = {"AWS_PROVISIONER_DATABASE": os.path.abspath(database)}
server = subprocess.Popen(
    [sys.executable, os.path.join(here, "../servers/web_server.py"), "lighttpd", os.path.abspath(program),
     json.dumps(environment), "password"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
base = "http://operator:password@127.0.0.1:%s/status" % server.stdout.readline().strip()
chromium = browser.Browser()
try:
    for name, path, scheme, width, height in (
            ("status", "/", "light", 1100, 930), ("status-dark", "/", "dark", 1100, 930),
            ("status-worker-type", "/worker-type/test-linux", "light", 1100, 960),
            ("status-costs", "/costs", "light", 1100, 900),
            ("status-phone", "/worker-type/test-linux", "dark", 390, 1000)):
        result = browser.visit(chromium, {
            "url": base + path, "scheme": scheme, "width": width, "maxHeight": height, "mobile": width < 500,
            "screenshot": os.path.join(folder, name + ".png")})
        assert result["status"] == 200 and not result["log"], result
finally:
    chromium.close()
    server.stdin.close()
    server.wait()
