"""Lines in, findings out."""

from __future__ import annotations

import json
import threading
from ctypes import byref, c_void_p
from typing import Any, Dict, List, Union

from ._findings import Finding, take_findings
from ._handle import Handle, Owner, lines_bytes, options_text, path_bytes, take_text
from ._lib import lib
from ._model import Model


class Stream(Owner):
    """Takes lines as they arrive. It keeps its model alive; threads that share one wait for each other."""

    def __init__(self, model: Model, **options: Any) -> None:
        """Options are those of `docs/options.md`, such as `session`, `idle_seconds` or `max_sessions`."""
        self._lock = threading.Lock()
        output = c_void_p()
        lib.birchlog_stream_create(model._open, options_text(options), byref(output))
        self._handle = Handle(output, lib.birchlog_stream_free)

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def push(self, line: Union[str, bytes]) -> None:
        """Takes one raw line; a trailing newline is ignored."""
        data = lines_bytes(line)
        with self._lock:
            lib.birchlog_stream_push(self._open, data, len(data))

    def poll(self) -> List[Finding]:
        """The verdicts on all units that have ended since the last call, and the early ones on units that a line has made anomalous
        before they end."""
        output = c_void_p()
        with self._lock:
            lib.birchlog_stream_poll(self._open, byref(output))
        return take_findings(output)

    def flush(self) -> List[Finding]:
        """Ends every open session, and returns the verdicts."""
        with self._lock:
            lib.birchlog_stream_flush(self._open)
        return self.poll()

    def finish(self) -> List[Finding]:
        """Ends the input as the end of a file does, and returns the verdicts: sessions that have not ended stay open."""
        with self._lock:
            lib.birchlog_stream_finish(self._open)
        return self.poll()

    def snapshot(self, path: Any, mark: str = "") -> None:
        """Writes all that the stream holds to a file, with a mark of your own, such as the place in the input; poll first."""
        data = mark.encode("utf-8")
        with self._lock:
            lib.birchlog_stream_snapshot(self._open, path_bytes(path), data, len(data))

    def restore(self, path: Any) -> str:
        """Goes on from a snapshot and returns its mark; the stream must not have taken a line."""
        with self._lock:
            return take_text(lambda output: lib.birchlog_stream_restore(self._open, path_bytes(path), output))

    def statistics(self) -> Dict[str, Any]:
        """Counts of lines, sessions and events so far."""
        with self._lock:
            text = take_text(lambda output: lib.birchlog_stream_statistics(self._open, output))
        statistics: Dict[str, Any] = json.loads(text)
        return statistics
