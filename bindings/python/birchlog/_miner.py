"""The template miner on its own: lines in; events, templates and typed parameters out. Nothing is trained.

    from birchlog import Miner

    miner = Miner()
    miner.learn_file("service.log")
    miner.finish()
    miner.parse("took 12ms")               # {"event": 5, "template": "took <*>", "parameters": [...]}
"""

from __future__ import annotations

import json
from ctypes import byref, c_int32, c_void_p, string_at
from typing import Any, Callable, Dict, Iterator, List, Optional

from ._handle import Handle, Owner, lines_bytes, options_text, path_bytes, take_text
from ._lib import LINES_CALLBACK, PROGRESS_CALLBACK, lib
from ._model import Model


class Miner(Owner):
    """Finds the templates of logs, and parses lines by them; for one thread at a time."""

    def __init__(self, **options: Any) -> None:
        """A miner that has learned nothing; options say how lines are read (`header`, `format`, `templates`, …)."""
        output = c_void_p()
        lib.birchlog_miner_create(options_text(options), byref(output))
        self._handle = Handle(output, lib.birchlog_miner_free)

    @classmethod
    def from_model(cls, model: Model) -> Miner:
        """A miner with the templates and the header of a trained model."""
        output = c_void_p()
        lib.birchlog_miner_from_model(model._open, byref(output))
        miner = cls.__new__(cls)
        miner._handle = Handle(output, lib.birchlog_miner_free)
        return miner

    def __enter__(self) -> Miner:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def learn(self, line: Any) -> int:
        """Learns one line and returns its event as of now; 0 for a blank one."""
        data = lines_bytes(line)
        event = c_int32()
        lib.birchlog_miner_learn_line(self._open, data, len(data), byref(event))
        return event.value

    def learn_file(self, path: Any) -> None:
        """Learns every line of a file, plain or gzip; "-" is standard input."""
        lib.birchlog_miner_learn_file(self._open, path_bytes(path), PROGRESS_CALLBACK(), None)

    def finish(self) -> None:
        """Merges what all lines together show to be one template: to be called when no more lines come."""
        lib.birchlog_miner_finish(self._open)

    def final_event(self, event: int) -> int:
        """The event that an event has become."""
        output = c_int32()
        lib.birchlog_miner_final_event(self._open, event, byref(output))
        return output.value

    def parse(self, line: Any) -> Dict[str, Any]:
        """Event, template and parameters of a line; teaches nothing."""
        data = lines_bytes(line)
        parsed: Dict[str, Any] = json.loads(
            take_text(lambda output: lib.birchlog_miner_parse_line(self._open, data, len(data), output))
        )
        return parsed

    def parse_file(self, path: Any) -> Iterator[Dict[str, Any]]:
        """Every physical line of a file as `parse` gives it, with its number `line`; the file is parsed as a whole first."""
        blocks: List[bytes] = []
        self._parse_file(path, blocks.append)
        for block in blocks:
            for line in block.splitlines():
                yield json.loads(line)

    def _parse_file(self, path: Any, take: Callable[[bytes], Any]) -> None:
        failure: Optional[BaseException] = None

        def callback(lines: int, length: int, _context: object) -> int:
            nonlocal failure
            try:
                take(string_at(lines, length))
            except BaseException as error:  # raised again once the library has returned
                failure = error
                return 1
            return 0

        try:
            lib.birchlog_miner_parse_file(self._open, path_bytes(path), LINES_CALLBACK(callback), None)
        except Exception:
            if failure is None:
                raise
        if failure is not None:
            raise failure

    def templates(self) -> List[Dict[str, Any]]:
        """The templates, the most frequent first: event, template, count, example, parameters (their types)."""
        text = take_text(lambda output: lib.birchlog_miner_templates(self._open, output))
        return [json.loads(line) for line in text.split("\n") if line]

    def statistics(self) -> Dict[str, Any]:
        """Counts of lines and templates, and which events became which."""
        statistics: Dict[str, Any] = json.loads(
            take_text(lambda output: lib.birchlog_miner_statistics(self._open, output))
        )
        return statistics
