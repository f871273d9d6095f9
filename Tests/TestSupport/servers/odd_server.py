"""A web server with a fault for each path: /echo, /hang, /long, /cut, /slow-start, /redirect, /not-http. The response of
/connections is the number of connections so far."""
import itertools
import time

from common import Handler, serve


class Odd(Handler):
    numbers = itertools.count(1)

    def setup(self):
        super().setup()
        self.number = next(self.numbers)

    def do_GET(self):
        self.react()

    def do_POST(self):
        self.react()

    def do_PUT(self):
        self.react()

    def react(self):
        body = self.body()
        if self.path == "/echo":
            self.respond(200, {"method": self.command, "body": body.decode(), "headers": dict(self.headers.items())})
        elif self.path == "/connections":
            self.respond(200, str(self.number).encode())
        elif self.path == "/hang":
            time.sleep(60)
        elif self.path == "/long":
            self.respond(200, b"x" * 200_000)
        elif self.path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"a part")
            self.wfile.flush()
            self.disconnect()
        elif self.path == "/redirect":
            self.respond(302, b"", [("Location", "/echo")])
        elif self.path == "/not-http":
            self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
            self.disconnect()
        else:
            self.respond(404, {"code": "ResourceNotFound"})


serve(Odd)
