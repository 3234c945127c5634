"""Looks at a page in headless Chromium, where there is one, over its debugging pipe."""

import json
import os
import select
import shutil
import signal
import subprocess
import tempfile

CHROMIUM = next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)


class Browser:
    """One Chromium without a window. Messages are JSON documents that end with NUL, on descriptors 3 and 4."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="birchlog-chromium-", ignore_cleanup_errors=True)
        theirs_in, self.output = os.pipe()
        self.input, theirs_out = os.pipe()

        def descriptors():
            # Copies above both targets first: one of the ends may be descriptor 3 or 4 itself.
            first, second = os.dup(theirs_in), os.dup(theirs_out)
            while first < 5:
                first = os.dup(first)
            while second < 5:
                second = os.dup(second)
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
             f"--user-data-dir={self.folder.name}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False,
            preexec_fn=descriptors, start_new_session=True, env={**os.environ, "HOME": self.folder.name})
        os.close(theirs_in)
        os.close(theirs_out)
        self.number, self.buffer, self.events = 0, b"", []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = None
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *_):
        # Its own processes still write into the folder when the first one is gone: all of them end.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.input)
        os.close(self.output)
        self.folder.cleanup()

    def call(self, method, **parameters):
        """The result of a command; events that come before it are kept."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.output, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def _read(self):
        while b"\0" not in self.buffer:
            if not select.select([self.input], [], [], 60)[0]:
                raise RuntimeError("Chromium says nothing")
            part = os.read(self.input, 1 << 16)
            if not part:
                raise RuntimeError("Chromium has gone")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def open(self, path):
        """Loads a file and waits until it is there; the events of earlier pages are forgotten."""
        self.events = []
        self.call("Page.navigate", url=f"file://{path}")
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._read())

    def value(self, expression):
        """The value of a JavaScript expression on the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(str(result["exceptionDetails"]))
        return result["result"].get("value")

    @property
    def complaints(self):
        """What the console says, exceptions, and what was asked of a network."""
        found = []
        for event in self.events:
            method, content = event.get("method"), event.get("params", {})
            if method == "Runtime.consoleAPICalled":
                found.append(str(content["args"]))
            elif method == "Runtime.exceptionThrown":
                found.append(str(content["exceptionDetails"]))
            elif method == "Log.entryAdded":
                found.append(content["entry"]["text"])
            elif method == "Network.requestWillBeSent" and not content["request"]["url"].startswith(("file:", "data:")):
                found.append("asks for " + content["request"]["url"])
        return found
