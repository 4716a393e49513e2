# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium, driven by the DevTools protocol over a pipe: no driver, no library and no open port are needed.

https://chromedevtools.github.io/devtools-protocol/; --remote-debugging-pipe reads descriptor 3 and writes descriptor 4,
messages end with a zero byte.
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

WAIT_S = 120  # of a machine that does much else


class BrowserError(Exception):
    """The browser did not do what it was told, or ended."""


class Browser:
    def __init__(self, *options):
        self.folder = tempfile.mkdtemp(prefix="geophone-chromium-")
        down_read, self.down = os.pipe()
        self.up, up_write = os.pipe()
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", 'exec "$@" 3<&%d 4>&%d' % (down_read, up_write), "sh",
             shutil.which("chromium") or "chromium", "--headless=new", "--remote-debugging-pipe", "--no-sandbox",
             "--user-data-dir=" + self.folder, "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
             "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
             "--disable-default-apps", "--no-default-browser-check", "--mute-audio", "--force-color-profile=srgb",
             "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider", *options, "about:blank"],
            pass_fds=(down_read, up_write), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(down_read)
        os.close(up_write)
        self.number, self.buffer, self.events = 0, b"", []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.down)
        os.close(self.up)
        shutil.rmtree(self.folder, ignore_errors=True)

    def send(self, method, parameters, session):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.down, json.dumps(message).encode() + b"\0")
        return self.number

    def receive(self, seconds):
        """One message, or None where none came in time."""
        end = time.monotonic() + seconds
        while b"\0" not in self.buffer:
            left = end - time.monotonic()
            if left < 0 or not select.select([self.up], [], [], left)[0]:
                return None
            piece = os.read(self.up, 1 << 20)
            if not piece:
                raise BrowserError("chromium has ended with status %s" % self.process.wait())
            self.buffer += piece
        line, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(line)

    def call(self, method, parameters=None, session=None):
        number = self.send(method, parameters or {}, session)
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            message = self.receive(end - time.monotonic())
            if message is None:
                break
            if message.get("id") == number:
                if "error" in message:
                    raise BrowserError("%s: %s" % (method, message["error"].get("message")))
                return message["result"]
            if "method" in message:
                self.events.append(message)
        raise BrowserError("%s: no answer within %d s" % (method, WAIT_S))

    def gather(self, seconds=0.0):
        """Takes what has come in meanwhile into `events`."""
        while (message := self.receive(seconds)) is not None:
            if "method" in message:
                self.events.append(message)
            seconds = 0.0

    def page(self, width=1280, height=800, scale=1.0, dark=False, phone=False):
        return Page(self, width, height, scale, dark, phone)


class Page:
    """A tab of its own, with its size and colours, that notes what it asks for and what it complains of."""

    def __init__(self, browser, width, height, scale, dark, phone):
        self.browser = browser
        self.target = browser.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self.session = browser.call("Target.attachToTarget", {"targetId": self.target, "flatten": True})["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=phone)
        self.colours(dark)
        self.call("Emulation.setTimezoneOverride", timezoneId="Europe/Berlin")

    def call(self, method, **parameters):
        return self.browser.call(method, parameters, self.session)

    def colours(self, dark, reduced=False):
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if reduced else "no-preference"}])

    def open(self, address):
        self.call("Page.navigate", url=address)

    def close(self):
        self.browser.call("Target.closeTarget", {"targetId": self.target})

    def run(self, script):
        """The value of an expression in the page; promises are waited for."""
        done = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in done:
            detail = done["exceptionDetails"]
            raise BrowserError("%s: %s" % (script[:120], detail.get("exception", {}).get("description", detail.get("text"))))
        return done["result"].get("value")

    def wait(self, condition, seconds=WAIT_S):
        """Until an expression is true; its last value, True for an element."""
        condition = "(value => value instanceof Element || value)(%s)" % condition
        end = time.monotonic() + seconds
        while True:
            try:
                value = self.run(condition)
            except BrowserError:
                value = None
            if value or time.monotonic() > end:
                return value
            time.sleep(0.05)

    def settle(self, seconds):
        """Until the page has done what it was told so far: at least so long, all answers have come, and a frame was drawn."""
        time.sleep(seconds)
        end = time.monotonic() + WAIT_S
        while time.monotonic() < end:
            self.run("new Promise(done => setTimeout(() => requestAnimationFrame(() => setTimeout(done))))")
            if not self.outstanding():
                return
            time.sleep(0.05)

    def outstanding(self):
        """Requests that have no end yet, but for streams, which have none."""
        begun = {event["requestId"] for event in self.events("Network.requestWillBeSent") if event.get("type") != "EventSource"}
        return begun - {event["requestId"] for method in ("Network.loadingFinished", "Network.loadingFailed")
                        for event in self.events(method)}

    def key(self, name, text="", code=0, modifiers=0):
        common = {"key": name, "code": name, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **common)
        self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def press(self, name):
        text, code = {"Tab": ("", 9), "Enter": ("\r", 13), "Space": (" ", 32), "Escape": ("", 27), "ArrowDown": ("", 40),
                      "ArrowUp": ("", 38), "Home": ("", 36), "End": ("", 35), "PageDown": ("", 34)}[name]
        self.key(" " if name == "Space" else name, text, code)

    def type(self, text):
        for letter in text:
            self.key(letter, letter)

    def click(self, selector):
        box = self.run("(() => { const at = document.querySelector(%s); at.scrollIntoView({block: 'center'});"
                       "const box = at.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; })()"
                       % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def picture(self, path, height=None):
        """A PNG of what the window shows, or of the page down to `height`."""
        parameters = {"format": "png"}
        if height:
            width = self.run("innerWidth")
            parameters.update(captureBeyondViewport=True, clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1})
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", **parameters)["data"]))

    def events(self, method):
        self.browser.gather()
        return [event["params"] for event in self.browser.events
                if event["method"] == method and event.get("sessionId") == self.session]

    def complaints(self):
        """What the console has of errors and warnings, and exceptions that nobody caught."""
        console = ["%s: %s" % (event["type"], " ".join(str(word.get("value", word.get("description"))) for word in event["args"]))
                   for event in self.events("Runtime.consoleAPICalled") if event["type"] in ("error", "warning", "assert")]
        log = ["%s: %s (%s)" % (event["entry"]["level"], event["entry"]["text"], event["entry"].get("url", ""))
               for event in self.events("Log.entryAdded") if event["entry"]["level"] in ("error", "warning")]
        thrown = [event["exceptionDetails"].get("exception", {}).get("description", event["exceptionDetails"].get("text"))
                  for event in self.events("Runtime.exceptionThrown")]
        return console + log + thrown

    def requests(self):
        return [event["request"]["url"] for event in self.events("Network.requestWillBeSent")]
