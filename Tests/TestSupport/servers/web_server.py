"""A real web server with a CGI program behind it, on a loopback port that the system picks.

web_server.py KIND PROGRAM ENVIRONMENT [PASSWORD [FOLDER]]: lighttpd, nginx (with fcgiwrap), apache (event, mod_cgid) or
apache-prefork (mod_cgi); the CGI program's path; its environment as JSON. With a password the program is the status page, whose
user is `operator`, else the API. With a folder the API is served with the documented TLS and access log as well: the folder gets
the certificate `cert.pem` and the log `access.log`. The part for the program is the block of the documentation, unchanged except for
paths. The rest is a minimal configuration of the web server.
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

import documentation

kind, program, environment = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
password = sys.argv[4] if len(sys.argv) > 4 else None
shared = sys.argv[5] if len(sys.argv) > 5 else None
article = documentation.article("StatusPage" if password else "WebServer")
heading = {"lighttpd": "lighttpd", "nginx": "nginx"}.get(kind, "Apache")
folder = tempfile.mkdtemp(prefix="aws-provisioner-web-")
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 0))
port = listener.getsockname()[1]
children = []
libc = ctypes.CDLL(None, use_errno=True)
# Signals by process. nginx and Apache must end their child processes; other servers would wait for open connections.
endings = {}


def die_with_parent(ending=signal.SIGKILL):
    """Runs in a child before exec: the child ends with this process, even if this process is killed."""
    libc.prctl(1, ending)


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def block(word, places):
    """The block of the documentation for this program and web server that contains a word."""
    if password:
        secret = subprocess.run(["openssl", "passwd", "-6", "-stdin"], input=password, text=True, check=True, capture_output=True)
        users = write("status.users", "operator:" + secret.stdout)
        os.chmod(folder, 0o755)
        place = {"lighttpd": "aws-provisioner", "nginx": "nginx"}.get(kind, "apache2")
        own = {"/usr/bin/aws-provisioner-status": program, "/etc/%s/status.users" % place: users}
    else:
        own = {"/usr/bin/aws-provisioner-api": program}
    return documentation.replaced(documentation.block(article, heading, word), {**own, **places})


def certificate():
    """A self-signed certificate of this address, in the shared folder."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=test",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", shared + "/key.pem", "-out", shared + "/cert.pem"],
        check=True, capture_output=True)


def secure(word, places):
    """A block for TLS or for the access log; nothing without a shared folder."""
    if not shared:
        return ""
    own = {"/etc/ssl/aws-provisioner/fullchain.pem": shared + "/cert.pem", "/etc/ssl/aws-provisioner/privkey.pem": shared + "/key.pem"}
    text = documentation.block(article, heading, word)
    return documentation.replaced(text, {**(own if "/etc/ssl/" in text else {}), **places})


def start(command, ending=signal.SIGKILL, prepare=lambda: None, **options):
    def before():
        # Threads of the test process block signals. Apache inherits the mask, and would not end with the test.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        prepare()
        die_with_parent(ending)

    children.append(subprocess.Popen(
        command, preexec_fn=before, stdout=subprocess.DEVNULL, stderr=open(os.path.join(folder, "error.log"), "ab"), **options).pid)
    endings[children[-1]] = ending


def wait_for(what, is_so):
    end = time.monotonic() + 30
    while not is_so():
        if time.monotonic() > end:
            with open(os.path.join(folder, "error.log")) as log:
                sys.exit("%s: %s\n%s" % (kind, what, log.read()))
        time.sleep(0.01)


def lighttpd():
    variables = ", ".join('"%s" => "%s"' % pair for pair in environment.items())
    home = '"HOME" => "/var/lib/aws-provisioner"'
    name = os.path.basename(program)
    if password:
        # The documentation adds the status page to the end of the API's file.
        own = documentation.replaced((documentation.ROOT / "cron/lighttpd.conf").read_text(), {
            home: variables, "server.port = 8080": "server.port = %d" % port, "/usr/share/aws-provisioner": folder,
            "/usr/bin/aws-provisioner-api": os.path.join(os.path.dirname(program), "aws-provisioner-api")})
        text = own + block("alias.url", {'"aws-provisioner-status"': '"%s"' % name})
    else:
        text = 'server.document-root = "%s"\nserver.port = %d\n' % (folder, port)
        text += block("alias.url", {home: variables, '"aws-provisioner-api"': '"%s"' % name})
        text += secure("ssl.engine", {'":443"': '"127.0.0.1:%d"' % port})
        text += secure("accesslog", {"/var/log/aws-provisioner/access.log": "%s/access.log" % shared})
    path = write("lighttpd.conf", text + """
server.bind := "127.0.0.1"
server.systemd-socket-activation = "enable"
server.errorlog = "%s/error.log"
""" % folder)
    listener.listen(512)

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
    start(["/usr/sbin/fcgiwrap", "-s", "unix:" + backend], env={**environment, "PATH": "/usr/bin:/bin"})
    wait_for("fcgiwrap does not listen", lambda: os.path.exists(backend))
    places = {"/run/fcgiwrap.socket": backend}
    if password:
        places["include fastcgi_params"] = "include /etc/nginx/fastcgi_params"
    location = block("fastcgi_pass", places)
    path = write("nginx.conf", """
daemon off; pid %(folder)s/pid; error_log %(folder)s/error.log; user root;
events {}
http {
    access_log off; client_body_temp_path %(folder)s; fastcgi_temp_path %(folder)s; proxy_temp_path %(folder)s;
    uwsgi_temp_path %(folder)s; scgi_temp_path %(folder)s;
%(log)s
    server {
        %(listen)s
%(location)s
    }
}
""" % dict(folder=folder, location=location, log=secure("log_format", {}), listen=secure("ssl_certificate", {
        "listen 443": "listen 127.0.0.1:%d" % port, "/var/log/nginx/aws-provisioner.log": "%s/access.log" % shared,
    }) or "listen 127.0.0.1:%d;" % port))
    listener.listen(512)
    start(["/usr/sbin/nginx", "-p", folder, "-c", path], signal.SIGTERM, pass_fds=[listener.fileno()],
          env={"NGINX": "%d;" % listener.fileno(), "PATH": "/usr/bin:/bin"})


def map_root_to_user():
    """Apache does not run as root, but must read the files of the test: a user namespace gives root another id."""
    if os.getuid():
        return
    if libc.unshare(0x10000000):
        raise OSError(ctypes.get_errno(), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", "1000 0 1"), ("gid_map", "1000 0 1")):
        with open("/proc/self/" + name, "w") as file:
            file.write(text)


def apache():
    modules = ["mpm_prefork", "cgi"] if kind == "apache-prefork" else ["mpm_event", "cgid"]
    modules += ["authz_core", "alias", "env"] + (["ssl"] if shared else []) + (["authn_core", "authn_file", "authz_user", "auth_basic"] if password else [])
    path = write("apache2.conf", """
ServerRoot %(folder)s
DefaultRuntimeDir %(folder)s
PidFile pid
ErrorLog error.log
ServerName localhost
Listen 127.0.0.1:%(port)d
%(modules)s
%(socket)s
PassEnv %(variables)s
<Directory />
    Require all denied
</Directory>
<VirtualHost *>
%(block)s
%(secure)s
</VirtualHost>
""" % dict(secure=secure("SSLEngine", {}) + secure("CustomLog", {"/var/log/apache2/aws-provisioner.log": "%s/access.log" % shared}),
           folder=folder, port=port, variables=" ".join(environment), socket="ScriptSock cgid" if "cgid" in modules else "",
           modules="\n".join("LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so" % (name, name) for name in modules),
           block=block("ScriptAlias", {} if password else {"<Directory /usr/bin>": "<Directory %s>" % os.path.dirname(program)})))
    # Apache cannot inherit a socket. This one stays bound without listening while Apache starts, which reserves the port.
    start(["/usr/sbin/apache2", "-D", "FOREGROUND", "-f", path], signal.SIGTERM, map_root_to_user,
          env={**environment, "PATH": "/usr/bin:/bin"})

    def listens():
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", port)) == 0

    wait_for("it does not listen", listens)


def end(*_):
    for child in children:
        try:
            os.kill(child, endings.get(child, signal.SIGKILL))
        except ProcessLookupError:
            pass
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


signal.signal(signal.SIGTERM, end)
if shared:
    certificate()
{"lighttpd": lighttpd, "nginx": nginx, "apache": apache, "apache-prefork": apache}[kind]()
print(port, flush=True)
# From now on only the web server listens: if it dies, connections are refused at once.
listener.close()
sys.stdin.read()
end()
