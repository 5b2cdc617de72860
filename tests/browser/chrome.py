"""A small driver for headless Chromium over its DevTools protocol: click through stories, take pictures."""

import atexit
import base64
import contextlib
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Seconds something may take on a busy machine; what works does not wait for them.
PATIENCE = 90
# A page of the website whose scripts have all begun their work, or one of the back office that shows something.
AT_REST = (
    "(!document.getElementById('wrapwrap') || document.body.getAttribute('is-ready') === 'true')"
    " && (!document.querySelector('body.o_web_client') || !!document.querySelector('.o_action_manager > *'))"
)
# What a profile keeps from one browser to the next: scripts fetched and compiled, never who was logged in.
KEPT = ("Cache", "Code Cache")
idle_profiles = []


@atexit.register
def _remove_profiles():
    for profile in idle_profiles:
        shutil.rmtree(profile, ignore_errors=True)


def _forget(profile):
    """Empty a profile but for what is KEPT."""
    for path in [*profile.iterdir(), *profile.glob("Default/*")]:
        if path.name == "Default" or (path.parent.name == "Default" and path.name in KEPT):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


class Chrome:
    """One browser with one page. Use as a context manager; every wait fails with a picture of what was there."""

    def __init__(self, shots, width=1366, height=900, language="en-US"):
        self.shots = Path(shots)
        self.shots.mkdir(parents=True, exist_ok=True)
        self.size = (width, height)
        self.language = language
        self.serial = 0
        self.errors = []
        self.failed = []

    def __enter__(self):
        program = next(filter(None, map(shutil.which, BROWSERS)), None)
        if not program:
            raise RuntimeError("Chromium is missing: apt-get install chromium")
        self.profile = idle_profiles.pop() if idle_profiles else Path(tempfile.mkdtemp(prefix="dropship-chrome-"))
        width, height = self.size
        self.process = subprocess.Popen(
            [
                program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-extensions",
                "--disable-sync", "--hide-scrollbars", f"--window-size={width},{height}", f"--lang={self.language}",
                "--remote-debugging-port=0", "--remote-allow-origins=*",
                f"--user-data-dir={self.profile}", "about:blank",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._connect()
        return self

    def __exit__(self, *_exc):
        with contextlib.suppress(AssertionError, OSError, websocket.WebSocketException):
            self.send("Browser.close")  # what it fetched is written down
        self.socket.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _forget(self.profile)
        idle_profiles.append(self.profile)

    def _connect(self):
        port_file = self.profile / "DevToolsActivePort"

        def written():  # the file is there before its text
            return port_file.exists() and port_file.read_text().split()

        port = self._until(written, 60, "Chromium did not start")[0]
        pages = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))
        page = next(page for page in pages if page["type"] == "page")
        self.socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=60)
        width, height = self.size
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        # Fonts are elsewhere, and a style sheet that names one counts as failed where there is no internet.
        self.send("Fetch.enable", patterns=[{"urlPattern": "https://fonts.*"}])
        self.send("Network.setExtraHTTPHeaders", headers={"Accept-Language": self.language})

    def _until(self, condition, seconds, message):
        end = time.time() + seconds
        while time.time() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.1)
        raise AssertionError(message)

    def send(self, method, **params):
        """One command of the protocol; events that arrive meanwhile are looked at for errors."""
        self.serial += 1
        self.socket.send(json.dumps({"id": self.serial, "method": method, "params": params}))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.serial:
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            if answer.get("method") == "Runtime.exceptionThrown":
                details = answer["params"]["exceptionDetails"]
                self.errors.append(details.get("exception", {}).get("description") or details["text"])
            elif answer.get("method") == "Network.responseReceived":
                response = answer["params"]["response"]
                if response["status"] >= 400:
                    self.failed.append(f"{response['status']} {response['url']}")
            elif answer.get("method") == "Network.loadingFailed" and not answer["params"].get("canceled"):
                self.failed.append(f"{answer['params']['type']}: {answer['params']['errorText']}")
            elif answer.get("method") == "Fetch.requestPaused":
                self._answer_empty(answer["params"]["requestId"])

    def _answer_empty(self, request):
        """An empty style sheet in place of what is not asked for."""
        headers = [
            {"name": "Content-Type", "value": "text/css"},
            {"name": "Access-Control-Allow-Origin", "value": "*"},
        ]
        params = {"requestId": request, "responseCode": 200, "responseHeaders": headers}
        self.socket.send(json.dumps({"id": 10**9, "method": "Fetch.fulfillRequest", "params": params}))

    def run(self, script):
        """The value of a JavaScript expression (promises are awaited)."""
        result = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise AssertionError(result["exceptionDetails"].get("exception", {}).get("description", script))
        return result["result"].get("value")

    def go(self, url, selector="body", seconds=PATIENCE):
        """Open an address and wait for something on it."""
        self._rest()
        self.send("Page.navigate", url=url)
        self.wait(selector, seconds)

    def _rest(self):
        """Wait until the page's scripts are at work, as they are long before a person has read it.

        Chromium never again opens a store in the browser that a page was left in the middle of making, and the next
        page of Odoo waits for it for ever.
        """
        with contextlib.suppress(AssertionError):
            self._until(lambda: self.run(AT_REST), 15, "")

    def _find(self, selector, text):
        """JavaScript that finds the first visible element of a selector that contains a text."""
        return (
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            ".find(e => (e === document.body || e.offsetParent !== null)"
            f" && (e.innerText || e.value || '').includes({json.dumps(text)}))"
        )

    def wait(self, selector, seconds=PATIENCE, text=""):
        """Wait until a visible element is there (and contains the text)."""
        try:
            self._until(lambda: self.run(f"!!{self._find(selector, text)}"), seconds, "")
        except AssertionError:
            self.shot("failure")
            page = self.run("document.body.innerText.slice(0, 800)")
            place = self.run("document.readyState + ' ' + location.href")
            failed = "\n".join([*self.failed, *self.errors])
            raise AssertionError(f"waited in vain for {selector} {text!r} at {place}:\n{page}\n{failed}") from None

    def click(self, selector, text="", seconds=PATIENCE):
        """Click with the real mouse, as a person does."""
        self.wait(selector, seconds, text)
        self._rest()
        self.run(f"{self._find(selector, text)}.scrollIntoView({{block: 'center'}})")
        time.sleep(0.15)
        box = self.run(
            f"(() => {{ const r = {self._find(selector, text)}.getBoundingClientRect();"
            " return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)
        time.sleep(0.2)

    def fill(self, selector, value, seconds=PATIENCE):
        """Type into a field."""
        self.wait(selector, seconds)
        self.run(f"(() => {{ const e = {self._find(selector, '')}; e.focus(); e.select && e.select(); }})()")
        self.send("Input.insertText", text=value)
        time.sleep(0.2)

    def text(self, selector="body"):
        return self.run(f"[...document.querySelectorAll({json.dumps(selector)})].map(e => e.innerText).join('\\n')")

    def shot(self, name, full=False):
        """Keep a picture of the page."""
        time.sleep(0.4)
        picture = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=full)["data"]
        path = self.shots / f"{name}.png"
        path.write_bytes(base64.b64decode(picture))
        return path

    def login(self, url, login, password=None):
        """Log in through Odoo's form."""
        self.go(f"{url}/web/session/logout?redirect=/web/login", "input[name=login]")
        self.fill("input[name=login]", login)
        self.fill("input[name=password]", password or login)
        self.click("form.oe_login_form button[type=submit]")
        # Leaving while the page still loads would cut off what the server is building for it.
        arrived = "document.readyState === 'complete' && !location.pathname.includes('/web/login')"
        self._until(lambda: self.run(arrived), PATIENCE, f"{login} cannot log in")
