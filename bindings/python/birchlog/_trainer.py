"""Training and refitting."""

from __future__ import annotations

import math
import threading
from ctypes import byref, c_void_p
from dataclasses import dataclass
from typing import Any, Callable, List, Optional

from . import _arrays
from ._errors import ArgumentError, CancelledError
from ._handle import Handle, Owner, lines_bytes, options_text, path_bytes
from ._lib import PROGRESS_CALLBACK, ROLE_MIXED, ROLE_NORMAL, lib
from ._model import Lines, Model, Path

_ROLES = {"normal": ROLE_NORMAL, "mixed": ROLE_MIXED}


@dataclass(frozen=True)
class Progress:
    """How far a training has come: `step` of at most `steps` of `stage`, 0 where that is not known; None where there is no number."""

    stage: str
    step: int
    steps: int
    loss: Optional[float]
    validation_loss: Optional[float]
    rate: Optional[float]
    remaining: Optional[float] = None


class Trainer(Owner):
    """Collects inputs, then makes a model of them. Only `cancel` may be called while a training runs."""

    def __init__(self, **options: Any) -> None:
        """Options are those of `docs/options.md`, such as `session`, `kinds`, `preset` or `seed`."""
        self._busy = threading.Lock()
        output = c_void_p()
        lib.birchlog_trainer_create(options_text(options), byref(output))
        self._handle = Handle(output, lib.birchlog_trainer_free)

    def __enter__(self) -> Trainer:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def add_file(self, path: Path, role: str = "mixed") -> None:
        """Adds a file, read when training runs. Role "normal" says that it is known to be clean."""
        self._alone(lambda: lib.birchlog_trainer_add_file(self._open, path_bytes(path), _role(role)))

    def add_lines(self, lines: Lines, role: str = "mixed") -> None:
        """Adds a copy of raw lines."""
        data = lines_bytes(lines)
        self._alone(lambda: lib.birchlog_trainer_add_lines(self._open, data, len(data), _role(role)))

    def add_sessions(self, sessions: Any, offsets: Any = None, *, role: str = "mixed") -> None:
        """Adds a copy of whole sessions of event ids, given as for `Model.classify_sessions`."""
        events, starts = _arrays.sessions(sessions, offsets)
        self._alone(
            lambda: lib.birchlog_trainer_add_sessions(
                self._open, events.address, starts.address, starts.count - 1, _role(role)
            )
        )

    def run(self, progress: Optional[Callable[[Progress], Any]] = None) -> Model:
        """Trains. `progress` is called now and then; when it returns False the training is cancelled."""
        return self._make(progress, lambda report, output: lib.birchlog_trainer_run(self._open, report, None, output))

    def refit(self, base: Model, progress: Optional[Callable[[Progress], Any]] = None) -> Model:
        """Finds the kinds anew from the inputs together with what `base` remembers; ids and names stay."""
        return self._make(
            progress, lambda report, output: lib.birchlog_trainer_refit(self._open, base._open, report, None, output)
        )

    def update(self, base: Model, progress: Optional[Callable[[Progress], Any]] = None) -> Model:
        """Goes on from `base`: learns new normal behaviour and new kinds from the inputs, with what is remembered replayed beside them; ids and names stay."""
        return self._make(
            progress, lambda report, output: lib.birchlog_model_update(base._open, self._open, report, None, output)
        )

    def cancel(self) -> None:
        """Stops a training that runs on another thread; there `CancelledError` is raised."""
        lib.birchlog_trainer_cancel(self._open)

    def _make(self, progress: Optional[Callable[[Progress], Any]], start: Callable[[Any, Any], Any]) -> Model:
        failure: List[BaseException] = []

        # Called even without `progress`: while Python code runs here, Ctrl-C is seen and ends the training.
        def report(pointer: Any, _: Any) -> int:
            try:
                return 0 if progress is None or progress(_progress(pointer.contents)) is not False else 1
            except BaseException as error:
                failure.append(error)
                return 1

        output = c_void_p()
        callback = PROGRESS_CALLBACK(report)
        try:
            self._alone(lambda: start(callback, byref(output)))
        except CancelledError:
            if not failure:
                raise
        model = Model._take(output) if output else None
        if failure or model is None:
            raise failure[0]
        return model

    def _alone(self, call: Callable[[], Any]) -> None:
        if not self._busy.acquire(blocking=False):
            raise ArgumentError("this Trainer is at work; only cancel may be called meanwhile")
        try:
            call()
        finally:
            self._busy.release()


def _role(role: str) -> int:
    if role not in _ROLES:
        raise ArgumentError(f'role must be "normal" or "mixed", not {role!r}')
    return _ROLES[role]


def _number(value: float) -> Optional[float]:
    return None if math.isnan(value) else value


def _progress(report: Any) -> Progress:
    return Progress(
        stage=report.stage.decode("utf-8", "replace"),
        step=report.step,
        steps=report.steps,
        loss=_number(report.loss),
        validation_loss=_number(report.validation_loss),
        rate=_number(report.rate),
        remaining=_number(report.remaining),
    )
