"""What was learned."""

from __future__ import annotations

import json
import os
from ctypes import byref, c_void_p
from typing import Any, Callable, Dict, Iterable, List, Optional, Sequence, Tuple, Union

from . import _arrays
from ._errors import CancelledError
from ._findings import Finding, keep_findings, take_findings
from ._handle import (
    Handle,
    Owner,
    lines_bytes,
    options_text,
    path_array,
    path_bytes,
    take_text,
    text_array,
    text_bytes,
)
from ._kinds import Kind
from ._lib import FINDINGS_CALLBACK, lib

Path = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]
Paths = Union[Path, Iterable[Path]]
Lines = Union[str, bytes, bytearray, memoryview, Iterable[Union[str, bytes]]]


class Model(Owner):
    """A trained model. It never changes, and any number of threads may use one at the same time."""

    def __init__(self, handle: Handle) -> None:
        """Use `Model.load`, `Model.from_bytes` or `Trainer.run`."""
        if not isinstance(handle, Handle):
            raise TypeError("use Model.load, Model.from_bytes or Trainer.run to make a Model")
        self._handle = handle

    @classmethod
    def load(cls, path: Path) -> Model:
        """Reads a model file."""
        output = c_void_p()
        lib.birchlog_model_load(path_bytes(path), byref(output))
        return cls._take(output)

    @classmethod
    def from_bytes(cls, data: Union[bytes, bytearray, memoryview]) -> Model:
        """Reads a model from the bytes of a model file."""
        data = bytes(data)
        output = c_void_p()
        lib.birchlog_model_load_memory(data, len(data), byref(output))
        return cls._take(output)

    @classmethod
    def _take(cls, pointer: c_void_p) -> Model:
        return cls(Handle(pointer, lib.birchlog_model_free))

    def __enter__(self) -> Model:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def save(self, path: Path) -> None:
        """Writes a model file in one step; the same model always gives the same bytes."""
        lib.birchlog_model_save(self._open, path_bytes(path))

    def describe(self) -> Dict[str, Any]:
        """Options, threshold, training curves, clustering, classifier and warnings."""
        document: Dict[str, Any] = json.loads(take_text(lambda text: lib.birchlog_model_describe(self._open, text)))
        return document

    def kinds(self) -> List[Kind]:
        """The kinds that were found, normal ones included."""
        document = json.loads(take_text(lambda text: lib.birchlog_model_kinds(self._open, text)))
        kinds = document["kinds"] if isinstance(document, dict) else document
        return [Kind.from_document(kind) for kind in kinds]

    def name_kind(self, kind: str, name: Optional[str]) -> Model:
        """A new model in which `kind` carries the operator's `name`; None takes the name away."""
        return self._edit(lib.birchlog_model_name_kind, text_bytes(kind), text_bytes(name or ""))

    def show_kind(self, kind: str) -> Dict[str, Any]:
        """One kind with its neighbours and its lineage, as the library's JSON has it."""
        encoded = text_bytes(kind)
        document: Dict[str, Any] = json.loads(
            take_text(lambda text: lib.birchlog_model_kinds_show(self._open, encoded, text))
        )
        return document

    def journal(self) -> List[Dict[str, Any]]:
        """What operators and refits did to the kinds, oldest first."""
        document = json.loads(take_text(lambda text: lib.birchlog_model_kinds_journal(self._open, text)))
        entries: List[Dict[str, Any]] = document["journal"]
        return entries

    def note_kind(self, kind: str, note: str) -> Model:
        """A new model in which `kind` has one more note."""
        return self._edit(lib.birchlog_model_kinds_note, text_bytes(kind), text_bytes(note))

    def merge_kinds(self, kinds: Sequence[str]) -> Model:
        """A new model in which `kinds`, two or more, are one with the id of the first; refits keep their units together."""
        ids = text_array(kinds)
        return self._edit(lib.birchlog_model_kinds_merge, ids, len(ids))

    def split_kind(self, kind: str, exemplars: Sequence[str] = ()) -> Model:
        """A new model in which `kind` is several with new ids, which the last entry of `journal` names.

        It parts where the last merge of its units lies, or around `exemplars`, ids of remembered sessions. Refits keep the parts apart.
        """
        sessions = text_array(exemplars)
        return self._edit(lib.birchlog_model_kinds_split, text_bytes(kind), sessions, len(sessions))

    def mark_kind_normal(self, kind: str, marked: bool = True) -> Model:
        """A new model in which the units of `kind` are not anomalous, or are so again."""
        return self._edit(lib.birchlog_model_kinds_mark_normal, text_bytes(kind), 1 if marked else 0)

    def undo_kind(self, kind: str, verb: str) -> Model:
        """A new model in which the last "name", "note", "merge", "split" or "mark" of `kind` is taken back."""
        return self._edit(lib.birchlog_model_kinds_undo, text_bytes(kind), text_bytes(verb))

    def export_kinds(self) -> str:
        """Names, notes, merges and marks as JSON, with what it takes to know the kinds again in another model."""
        return take_text(lambda text: lib.birchlog_model_kinds_export(self._open, text))

    def import_kinds(self, exported: Union[str, bytes]) -> Tuple[Model, Dict[str, Any]]:
        """A new model with what another one exported, and a report: "matched", "unmatched", "untouched"."""
        data = lines_bytes(exported)
        output = c_void_p()
        report: Dict[str, Any] = json.loads(
            take_text(lambda text: lib.birchlog_model_kinds_import(self._open, data, len(data), text, byref(output)))
        )
        return self._take(output), report

    def _edit(self, function: Any, *arguments: Any) -> Model:
        output = c_void_p()
        function(self._open, *arguments, byref(output))
        return self._take(output)

    def classify_windows(self, windows: Any) -> List[Finding]:
        """Classifies windows of equal length, `[count, length]`; a numpy array of `int32` is not copied."""
        rows = _arrays.windows(windows)
        output = c_void_p()
        lib.birchlog_classify_windows(self._open, rows.address, *rows.shape, byref(output))
        return take_findings(output)

    def classify_sessions(self, sessions: Any, offsets: Any = None) -> List[Finding]:
        """Classifies whole sessions of event ids; their ids are "0", "1", ….

        With `offsets`, `sessions` is one run of events, and session i is `sessions[offsets[i]:offsets[i + 1]]`; numpy
        arrays of `int32` and of `uint64` are not copied then.
        """
        events, starts = _arrays.sessions(sessions, offsets)
        output = c_void_p()
        lib.birchlog_classify_sessions(
            self._open, events.address, starts.address, starts.count - 1, byref(output)
        )
        return take_findings(output)

    def classify_lines(self, lines: Lines, **options: Any) -> List[Finding]:
        """Classifies raw lines as one whole input; they become sessions or windows as in training unless `options` differ."""
        data = lines_bytes(lines)
        output = c_void_p()
        lib.birchlog_classify_lines(self._open, data, len(data), options_text(options), byref(output))
        return take_findings(output)

    def classify_files(
        self, paths: Paths, callback: Optional[Callable[[Finding], Any]] = None, explain: bool = False, **options: Any
    ) -> List[Finding]:
        """Classifies files one after the other; with `explain` the documents of anomalous units hold all reasons.

        Without `callback` returns all findings. With it, memory stays bounded: each finding is handed to `callback` as it
        comes, and the list is empty. An exception in `callback` ends the classification and is raised again.
        """
        collected: List[Finding] = []
        failure: List[BaseException] = []
        take = collected.append if callback is None else callback

        def receive(pointer: int, _: Any) -> int:
            try:
                for finding in keep_findings(pointer, explain):
                    take(finding)
                return 0
            except BaseException as error:
                failure.append(error)
                return 1

        array = path_array(paths)
        try:
            lib.birchlog_classify_files(
                self._open, array, len(array), options_text(options), FINDINGS_CALLBACK(receive), None
            )
        except CancelledError:
            if not failure:
                raise
        if failure:
            raise failure[0]
        return collected

    def evaluate(self, truth: Path, paths: Paths, **options: Any) -> Dict[str, Any]:
        """Classifies files and compares with `truth`, a CSV file of `id,kind`: detection and kinds, as in `docs/formats.md`."""
        array = path_array(paths)
        document: Dict[str, Any] = json.loads(
            take_text(
                lambda text: lib.birchlog_model_evaluate(
                    self._open, path_bytes(truth), array, len(array), options_text(options), text
                )
            )
        )
        return document

    def inspect(
        self,
        paths: Sequence[Path] = (),
        *,
        features: Optional[Path] = None,
        labels: Optional[Path] = None,
        **options: Any,
    ) -> None:
        """Writes signatures, `float32 [units, dimension]`, and kind numbers, `int32 [units]`, as NumPy files.

        Without `paths` the units are the distinct ones that training clustered.
        """
        array = path_array(paths)
        lib.birchlog_model_inspect(
            self._open,
            array if len(array) else None,
            len(array),
            options_text(options),
            None if features is None else path_bytes(features),
            None if labels is None else path_bytes(labels),
        )
