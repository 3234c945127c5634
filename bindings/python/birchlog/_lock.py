"""The lock by which programs that change a model file wait for each other."""

from __future__ import annotations

from ctypes import byref, c_void_p
from typing import Any, Optional

from ._errors import ArgumentError
from ._handle import Handle, path_bytes
from ._lib import lib


class FileLock:
    """The right to change a file, from loading to saving, which one owner has at a time.

        with FileLock("service.birchlog"):
            Model.load("service.birchlog").name_kind("k3", "payment gateway down").save("service.birchlog")

    The birchlog command holds it likewise. Where there is no file yet, there is nothing to hold. `FileError` when another
    owner still has it after `seconds`.
    """

    def __init__(self, path: Any, seconds: int = 60) -> None:
        if not 0 <= seconds < 1 << 32:
            raise ArgumentError("seconds must be 0 or more")
        self._path, self._seconds = path_bytes(path), int(seconds)
        self._handle: Optional[Handle] = None

    def __enter__(self) -> FileLock:
        if self._handle is not None:
            raise ArgumentError("this FileLock is held already")
        pointer = c_void_p()
        lib.birchlog_file_lock_take(self._path, self._seconds, byref(pointer))
        self._handle = Handle(pointer, lib.birchlog_file_lock_release)
        return self

    def __exit__(self, *_: object) -> None:
        self._handle = None
