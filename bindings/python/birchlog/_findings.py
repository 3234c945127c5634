"""Verdicts, and the evidence that comes with them."""

from __future__ import annotations

import json
import threading
from ctypes import byref, c_void_p, sizeof
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple

from ._errors import ArgumentError
from ._handle import Handle, options_text, take_text
from ._lib import FindingStruct, lib


class _Source:
    """Findings that the library holds; evidence is fetched from them when it is asked for."""

    __slots__ = ("_handle", "_lock")

    def __init__(self, handle: Any) -> None:
        self._handle = handle
        self._lock = threading.Lock()

    def text(self, index: int) -> str:
        with self._lock:
            return take_text(lambda output: lib.birchlog_findings_json(self._handle, index, output))

    def explanation(self, index: int, options: Optional[bytes]) -> str:
        with self._lock:
            return take_text(lambda output: lib.birchlog_findings_explain(self._handle, index, options, output))


@dataclass(frozen=True)
class Finding:
    """The verdict on one session or window.

    `score` is the largest surprise in nats, `perturbation` the distance of the hidden state from the mean of normal ones,
    `confidence` the probability of the kind. `lines` are the first and last source line from 1, or None when the unit came as
    event ids. `window` is None when the unit is a session. `open` is True when the session had not ended, so that its end was
    not scored. `early` findings come from streams only, on units that go on: their ends give other
    findings, which are `final` as all findings of `classify` are.
    """

    session: str
    anomalous: bool
    kind: str
    name: Optional[str]
    score: float
    threshold: float
    perturbation: float
    confidence: float
    window: Optional[int]
    lines: Optional[Tuple[int, int]]
    events: int
    open: bool
    early: bool = False
    _text: Optional[str] = field(default=None, repr=False, compare=False)
    _source: Optional[_Source] = field(default=None, repr=False, compare=False)
    _index: int = field(default=0, repr=False, compare=False)

    @property
    def final(self) -> bool:
        """Whether this is the verdict on the whole unit, and no early one."""
        return not self.early

    @property
    def json(self) -> str:
        """The finding with its evidence as one line of JSON."""
        if self._text is None and self._source is not None:
            object.__setattr__(self, "_text", self._source.text(self._index))
        return self._text or "{}"

    @property
    def document(self) -> Dict[str, Any]:
        """The same as a dictionary; "reason", "evidence", "missing", "unseen" and "nearest" are there for an anomalous unit."""
        document: Dict[str, Any] = json.loads(self.json)
        return document

    def explain(self, **options: Any) -> Dict[str, Any]:
        """All reasons for the verdict, for a normal unit too: what `document` holds and "summary", "neighbours", "attended",
        "exemplar", "repair", "raw".

        `parts` lists the keys wanted ("signature" comes only when it is asked for), `lines` is the number of raw lines at most (64),
        `alternatives` that of expected events at each place (5). A finding that was pickled has left the library, and cannot be
        explained.
        """
        if self._source is None:
            raise ArgumentError("this finding has left the library; explain it before it is pickled")
        document: Dict[str, Any] = json.loads(self._source.explanation(self._index, options_text(options)))
        return document

    def __getstate__(self) -> Dict[str, Any]:
        return {**self.__dict__, "_text": self.json, "_source": None}


def take_findings(pointer: Any) -> List[Finding]:
    """The findings behind a handle that the caller owns."""
    handle = Handle(pointer, lib.birchlog_findings_free)
    return _read(handle, _Source(handle))


def keep_findings(pointer: int, explain: bool = False) -> List[Finding]:
    """The findings behind a handle that the library lends a callback: they outlive it. With `explain` anomalous ones fetch all
    reasons at once."""
    kept = c_void_p()
    lib.birchlog_findings_keep(pointer, byref(kept))
    findings = take_findings(kept)
    for finding in findings:
        if explain and finding.anomalous and finding._source is not None:
            object.__setattr__(finding, "_text", finding._source.explanation(finding._index, None))
    return findings


def _read(handle: Any, source: Optional[_Source]) -> List[Finding]:
    struct = FindingStruct(struct_size=sizeof(FindingStruct))
    findings = []
    for index in range(lib.birchlog_findings_count(handle)):
        lib.birchlog_findings_get(handle, index, byref(struct))
        name = struct.name
        findings.append(
            Finding(
                session=struct.session.decode("utf-8", "replace"),
                anomalous=bool(struct.anomalous),
                kind=struct.kind.decode("utf-8", "replace"),
                name=None if name is None else name.decode("utf-8", "replace"),
                score=struct.score,
                threshold=struct.threshold,
                perturbation=struct.perturbation,
                confidence=struct.confidence,
                window=None if struct.window < 0 else struct.window,
                lines=(struct.first_line, struct.last_line) if struct.first_line else None,
                events=struct.event_count,
                open=bool(struct.open),
                early=bool(struct.early),
                _source=source,
                _index=index,
            )
        )
    return findings
