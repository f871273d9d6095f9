"""Opens pages in a headless Chromium.

Reads a JSON list of visits from standard input and prints a JSON list of results. A visit:
  url         URL of the page
  width, height, scheme (`light` or `dark`), mobile
  keys        keys to press, in order
  evaluate    JavaScript expression to evaluate
  axe         path of axe-core, to list violations
  screenshot  path of a PNG file of the whole page
A result: status, headers, requests (all requested URLs), log (messages of the browser), value, violations.

The script uses the Chrome DevTools Protocol over a pipe, so that no port is opened.
"""
import base64
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile


class Browser:
    def __init__(self):
        # The browser creates sockets in this folder. The path of a socket must be short.
        self.folder = tempfile.mkdtemp(prefix="aws-provisioner-browser-", dir="/tmp")
        commands_out, commands_in = os.pipe()
        responses_out, responses_in = os.pipe()
        libc = ctypes.CDLL(None)
        arguments = ["chromium", "--headless", "--no-sandbox", "--remote-debugging-pipe", "--disable-gpu",
                     "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
                     "--user-data-dir=" + self.folder, "about:blank"]
        # The browser expects its pipe at descriptors 3 and 4.
        self.process = subprocess.Popen(
            ["bash", "-c", 'exec "$@" 3<&%d 4>&%d' % (commands_out, responses_in), "bash"] + arguments,
            pass_fds=(commands_out, responses_in), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "HOME": self.folder, "TMPDIR": self.folder, "LANG": "C.UTF-8"},
            preexec_fn=lambda: libc.prctl(1, signal.SIGKILL))
        os.close(commands_out)
        os.close(responses_in)
        self.commands, self.responses = commands_in, os.fdopen(responses_out, "rb")
        self.count, self.events, self.rest = 0, [], b""

    def message(self):
        while b"\0" not in self.rest:
            more = self.responses.read1(1 << 20)
            if not more:
                sys.exit("the browser ended")
            self.rest += more
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session=None, **parameters):
        self.count += 1
        command = {"id": self.count, "method": method, "params": parameters}
        if session:
            command["sessionId"] = session
        data = json.dumps(command).encode() + b"\0"
        while data:
            data = data[os.write(self.commands, data):]
        while True:
            response = self.message()
            if response.get("id") == self.count:
                if "error" in response:
                    sys.exit("%s: %s" % (method, response["error"]))
                return response["result"]
            self.events.append(response)

    def wait(self, method):
        """Returns the first event of a kind, received or future."""
        for event in self.events:
            if event.get("method") == method:
                return event["params"]
        while True:
            event = self.message()
            self.events.append(event)
            if event.get("method") == method:
                return event["params"]

    def seen(self, method):
        return [event["params"] for event in self.events if event.get("method") == method]

    def close(self):
        try:
            self.call("Browser.close")
            self.process.wait(10)
        except (SystemExit, OSError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def visit(browser, page):
    browser.events = []
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def call(method, **parameters):
        return browser.call(method, session, **parameters)

    def evaluate(expression):
        response = call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in response:
            sys.exit("%s: %s" % (expression[:60], response["exceptionDetails"]))
        return response["result"].get("value")

    for domain in ("Page", "Network", "Log", "Runtime"):
        call(domain + ".enable")
    call("Emulation.setDeviceMetricsOverride", width=page.get("width", 1280), height=page.get("height", 900),
         deviceScaleFactor=page.get("scale", 1), mobile=page.get("mobile", False))
    call("Emulation.setEmulatedMedia", features=[
        {"name": "prefers-color-scheme", "value": page.get("scheme", "light")},
        {"name": "prefers-reduced-motion", "value": "reduce"}])
    call("Page.navigate", url=page["url"])
    browser.wait("Page.loadEventFired")
    for key in page.get("keys", []):
        code = {"Tab": 9, "Enter": 13}[key]
        for kind in ("rawKeyDown", "keyUp"):
            call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)
    result = {}
    responses = [a["response"] for a in browser.seen("Network.responseReceived") if a["type"] == "Document"]
    if responses:
        result["status"] = responses[-1]["status"]
        result["headers"] = {name.lower(): value for name, value in responses[-1]["headers"].items()}
    if "evaluate" in page:
        result["value"] = evaluate(page["evaluate"])
    if "axe" in page:
        with open(page["axe"]) as file:
            evaluate(file.read() + "\n;0")
        result["violations"] = evaluate("""axe.run(document, {resultTypes: ["violations", "incomplete"]}).then(r => ({
            passes: r.passes.map(p => p.id),
            violations: r.violations.map(v => v.id + ": " + v.help + ": "
                + v.nodes.map(n => n.html.slice(0, 120) + " " + n.failureSummary).join(" | "))}))""")
    if "screenshot" in page:
        size = call("Page.getLayoutMetrics")["cssContentSize"]
        height = min(size["height"], page.get("maxHeight", 10000))
        shot = call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                    clip={"x": 0, "y": 0, "width": size["width"], "height": height, "scale": 1})
        with open(page["screenshot"], "wb") as file:
            file.write(base64.b64decode(shot["data"]))
    result["requests"] = [r["request"]["url"] for r in browser.seen("Network.requestWillBeSent")]
    result["log"] = [e["entry"]["text"] for e in browser.seen("Log.entryAdded")]
    browser.call("Target.closeTarget", targetId=target)
    return result


if __name__ == "__main__":
    visits = json.load(sys.stdin)
    chromium = Browser()
    try:
        print(json.dumps([visit(chromium, page) for page in visits]))
    finally:
        chromium.close()
