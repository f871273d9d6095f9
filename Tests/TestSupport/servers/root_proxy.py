"""A real web server that passes the provisioner's API on, as the guide configures it at a Taskcluster root URL.

root_proxy.py KIND UPSTREAM: lighttpd, nginx or apache; the host and port of the API. The part for the API is the block of the
documentation, with the upstream in place of the example. The rest is a minimal configuration of the web server.
"""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import documentation

kind, upstream = sys.argv[1:]
host, port = upstream.rsplit(":", 1)
folder = tempfile.mkdtemp(prefix="aws-provisioner-proxy-")
os.chmod(folder, 0o755)
with socket.socket() as one:
    one.bind(("127.0.0.1", 0))
    own = one.getsockname()[1]
name = {"lighttpd": "lighttpd", "nginx": "nginx", "apache": "Apache"}[kind]
word = {"lighttpd": "proxy.server", "nginx": "proxy_pass", "apache": "ProxyPass"}[kind]
example = '"host" => "provisioner.example.com", "port" => 8080' if kind == "lighttpd" else "provisioner.example.com:8080"
actual = '"host" => "%s", "port" => %s' % (host, port) if kind == "lighttpd" else upstream
block = documentation.replaced(
    documentation.block(documentation.article("WebServer"), "Proxy in " + name, word), {example: actual})
modules = "\n".join(
    "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so" % (one, one)
    for one in ("mpm_event", "authz_core", "proxy", "proxy_http", "headers"))
text = {
    "lighttpd": 'server.document-root = "%(folder)s"\nserver.bind = "127.0.0.1"\nserver.port = %(own)d\n%(block)s',
    "nginx": """
daemon off; pid %(folder)s/pid; error_log %(folder)s/error.log; user www-data;
events {}
http {
    access_log off; client_body_temp_path %(folder)s; fastcgi_temp_path %(folder)s; proxy_temp_path %(folder)s;
    uwsgi_temp_path %(folder)s; scgi_temp_path %(folder)s;
    server { listen 127.0.0.1:%(own)d;
%(block)s
    }
}
""",
    "apache": """
ServerRoot %(folder)s
DefaultRuntimeDir %(folder)s
PidFile pid
ErrorLog error.log
ServerName localhost
Listen 127.0.0.1:%(own)d
%(modules)s
User www-data
Group www-data
<VirtualHost *>
%(block)s
</VirtualHost>
""",
}[kind] % dict(folder=folder, own=own, block=block, modules=modules)
path = os.path.join(folder, "configuration")
with open(path, "w") as file:
    file.write(text)
command = {
    "lighttpd": ["/usr/sbin/lighttpd", "-D", "-f", path], "nginx": ["/usr/sbin/nginx", "-p", folder, "-c", path],
    "apache": ["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", path]}[kind]
server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=open(os.path.join(folder, "output"), "ab"))


def listens():
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", own)) == 0


end = time.monotonic() + 30
while not listens():
    if server.poll() is not None or time.monotonic() > end:
        with open(os.path.join(folder, "output")) as output:
            sys.exit("%s does not listen: %s" % (kind, output.read()))
    time.sleep(0.01)
print(own, flush=True)
# The standard input ends with the test process.
sys.stdin.read()
server.terminate()
server.wait()
shutil.rmtree(folder, ignore_errors=True)
