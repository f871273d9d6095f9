"""A real web server with the CGI program behind it, on a loopback port that the system picks.

web_server.py KIND PROGRAM ENVIRONMENT [PASSWORD]: lighttpd or nginx (with fcgiwrap), the CGI program's path, its environment
as JSON. With a password the program is the status page, configured word for word as the README says; the user is `operator`.
The listening socket is made here and handed over, so that nobody can take the port in between.
"""
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

kind, program, environment = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
password = sys.argv[4] if len(sys.argv) > 4 else None
folder = tempfile.mkdtemp(prefix="aws-provisioner-web-")
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 0))
listener.listen(512)
port = listener.getsockname()[1]
children = []
libc = ctypes.CDLL(None)
# By process. nginx has workers of its own to end; the others would wait for connections that are kept alive.
endings = {}


def die_with_parent(ending=signal.SIGKILL):
    """Runs in a child before it becomes the server: when this process ends, however it does, so does the child."""
    libc.prctl(1, ending)


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def status_page(word, paths):
    """The README's configuration of the status page that has a word in it, with other paths."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    with open(os.path.join(root, "README.md")) as file:
        section = file.read().split("### The status page\n")[1].split("\n### ")[0]
    text = next(block for block in section.split("```")[1::2] if word in block)
    secret = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=password, text=True, check=True, capture_output=True)
    users = write("users", "operator:" + secret.stdout)
    os.chmod(folder, 0o755)
    for path, actual in {**paths, "/usr/local/bin/aws-provisioner-status": program}.items():
        assert path in text, path
        text = text.replace(path, actual)
    return text.replace("/etc/aws-provisioner/status.users", users).replace("/etc/nginx/status.users", users)


def lighttpd():
    variables = ", ".join('"%s" => "%s"' % pair for pair in environment.items())
    aliases = ", ".join('"%s" => "%s"' % (path, program) for path in ("/api/aws-provisioner", "/v1", "/references", "/schemas"))
    path = write("lighttpd.conf", """
server.modules = ("mod_setenv", "mod_alias", "mod_cgi")
server.document-root = "%s"
server.port = %d
server.bind = "127.0.0.1"
server.systemd-socket-activation = "enable"
server.errorlog = "%s/error.log"
server.max-request-size = 20480
setenv.set-environment = (%s)
""" % (folder, port, folder, variables) + (status_page("alias.url", {}) if password else """
alias.url = (%s)
cgi.assign = ("%s" => "")
""" % (aliases, os.path.basename(program))))

    def hand_over():
        os.dup2(listener.fileno(), 3)
        os.set_inheritable(3, True)
        os.environ["LISTEN_FDS"] = "1"
        os.environ["LISTEN_PID"] = str(os.getpid())
        os.execvp("lighttpd", ["lighttpd", "-D", "-f", path])

    child = os.fork()
    if child == 0:
        die_with_parent()
        os.dup2(os.open(os.path.join(folder, "error.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND), 1)
        os.dup2(1, 2)
        os.environ["PATH"] = "/usr/sbin:/usr/bin:/bin"
        hand_over()
    children.append(child)


def nginx():
    backend = os.path.join(folder, "fcgi.sock")
    children.append(subprocess.Popen(
        ["/usr/sbin/fcgiwrap", "-s", "unix:" + backend], env={**environment, "PATH": "/usr/bin:/bin"},
        preexec_fn=die_with_parent, stdout=subprocess.DEVNULL, stderr=open(os.path.join(folder, "error.log"), "ab")).pid)
    while not os.path.exists(backend):
        time.sleep(0.01)
    location = """
        location / {
            fastcgi_pass unix:%(backend)s;
            fastcgi_param SCRIPT_FILENAME %(program)s;
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_param REQUEST_URI $request_uri;
            fastcgi_param PATH_INFO $uri;
            fastcgi_param QUERY_STRING $query_string;
            fastcgi_param CONTENT_TYPE $content_type;
            fastcgi_param CONTENT_LENGTH $content_length;
            fastcgi_param REMOTE_ADDR $remote_addr;
            fastcgi_param SERVER_NAME $server_name;
            fastcgi_param SERVER_PORT $server_port;
            fastcgi_param SERVER_PROTOCOL $server_protocol;
            fastcgi_param GATEWAY_INTERFACE CGI/1.1;
            fastcgi_param HTTPS $https if_not_empty;
        }
""" % dict(backend=backend, program=program)
    if password:
        location = status_page("fastcgi_pass", {
            "include fastcgi_params": "include /etc/nginx/fastcgi_params", "/run/fcgiwrap.socket": backend})
    path = write("nginx.conf", """
daemon off; pid %(folder)s/pid; error_log %(folder)s/error.log; user root;
events {}
http {
    access_log off; client_body_temp_path %(folder)s; fastcgi_temp_path %(folder)s; proxy_temp_path %(folder)s;
    uwsgi_temp_path %(folder)s; scgi_temp_path %(folder)s; client_max_body_size 20m;
    server {
        listen 127.0.0.1:%(port)d;
%(location)s
    }
}
""" % dict(folder=folder, port=port, location=location))
    children.append(subprocess.Popen(
        ["/usr/sbin/nginx", "-p", folder, "-c", path], env={"NGINX": "%d;" % listener.fileno(), "PATH": "/usr/bin:/bin"},
        pass_fds=[listener.fileno()], preexec_fn=lambda: die_with_parent(signal.SIGTERM), stdout=subprocess.DEVNULL,
        stderr=open(os.path.join(folder, "error.log"), "ab")).pid)
    endings[children[-1]] = signal.SIGTERM


def end(*_):
    for child in children:
        try:
            os.kill(child, endings.get(child, signal.SIGKILL))
        except ProcessLookupError:
            pass
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


signal.signal(signal.SIGTERM, end)
{"lighttpd": lighttpd, "nginx": nginx}[kind]()
print(port, flush=True)
# From here on the port is the web server's alone: when it dies, whoever asks is refused, and not left to wait.
listener.close()
sys.stdin.read()
end()
