"""Ownership of what the library hands out."""

from __future__ import annotations

import json
import os
from ctypes import byref, c_char_p, c_void_p, string_at
from typing import Any, Callable, Dict, Iterable, Optional

from ._errors import ArgumentError, OptionError
from ._lib import lib


class Handle:
    """The sole owner of one C handle, which is freed with it.

    Python's own reference counting decides when: a call that is under way on another thread holds a reference, so that
    closing an object never frees what is still in use.
    """

    __slots__ = ("_as_parameter_", "_free")

    def __init__(self, pointer: c_void_p, free: Callable[[int], None]) -> None:
        self._as_parameter_: Optional[int] = pointer.value
        self._free = free

    def __del__(self) -> None:
        pointer, self._as_parameter_ = getattr(self, "_as_parameter_", None), None
        if pointer is not None:
            self._free(pointer)


class Owner:
    """An object that owns a handle until it is closed; closing twice does nothing."""

    _handle: Optional[Handle] = None

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._handle is None

    def close(self) -> None:
        """Lets go of the library's memory, at once or when the calls that still use it have returned."""
        self._handle = None

    @property
    def _open(self) -> Handle:
        handle = self._handle
        if handle is None:
            raise ArgumentError(f"this {type(self).__name__} is closed")
        return handle

    def __reduce__(self) -> Any:
        raise TypeError(f"a {type(self).__name__} cannot be pickled")


def take_text(fill: Callable[[Any], Any]) -> str:
    """The text that `fill` writes into the output it is given."""
    pointer = c_void_p()
    fill(byref(pointer))
    text = Handle(pointer, lib.birchlog_text_free)
    return string_at(lib.birchlog_text_data(text), lib.birchlog_text_length(text)).decode("utf-8", "replace")


def take_bytes(fill: Callable[[Any], Any]) -> bytes:
    """The bytes that `fill` writes into the output it is given."""
    pointer = c_void_p()
    fill(byref(pointer))
    text = Handle(pointer, lib.birchlog_text_free)
    return string_at(lib.birchlog_text_data(text), lib.birchlog_text_length(text))


def options_text(options: Dict[str, Any]) -> Optional[bytes]:
    """Keyword arguments as the library's options; those that are None are left out."""
    given = {key: value for key, value in options.items() if value is not None}
    if not given:
        return None
    try:
        return json.dumps(given, allow_nan=False).encode("utf-8")
    except (TypeError, ValueError) as error:
        raise OptionError(f"options cannot be written as JSON: {error}") from None


def text_bytes(text: str) -> bytes:
    """A text as the library takes it."""
    encoded = text.encode("utf-8", "surrogatepass")
    if b"\0" in encoded:
        raise ArgumentError("a text may not hold a NUL character")
    return encoded


def text_array(texts: Iterable[str]) -> Any:
    """Texts as a C array."""
    if isinstance(texts, (str, bytes)):
        raise ArgumentError("give a list of texts, not one text")
    encoded = [text_bytes(text) for text in texts]
    return (c_char_p * len(encoded))(*encoded)


def path_bytes(path: Any) -> bytes:
    """A path as the library takes it."""
    encoded = os.fsencode(path)
    if b"\0" in encoded:
        raise ArgumentError("a path may not hold a NUL byte")
    return encoded


def path_array(paths: Any) -> Any:
    """Paths as a C array."""
    if isinstance(paths, (str, bytes, os.PathLike)):
        paths = [paths]
    encoded = [path_bytes(path) for path in paths]
    return (c_char_p * len(encoded))(*encoded)


def lines_bytes(lines: Any) -> bytes:
    """Raw lines as one buffer: bytes or str as they are, anything else as an iterable of lines."""
    if isinstance(lines, str):
        try:
            return lines.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return lines.encode("utf-8", "surrogatepass")
    if isinstance(lines, (bytes, bytearray, memoryview)):
        return bytes(lines)
    return b"".join(line if line.endswith(b"\n") else line + b"\n" for line in map(lines_bytes, lines))
