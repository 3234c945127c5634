"""Finds and loads `libbirchlog.so` and declares its functions, one prototype for each function of `birchlog.h`."""

from __future__ import annotations

import ctypes
import logging
import os
import pathlib
import sys
from ctypes import POINTER, Structure, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from typing import Any, List, Sequence, Tuple

from ._errors import BY_STATUS, BirchlogError, LibraryError

ABI_VERSION = 0
SONAME = "libbirchlog.so.0"

ROLE_NORMAL = 1
ROLE_MIXED = 2


class FindingStruct(Structure):
    """`birchlog_finding`."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("anomalous", c_int32),
        ("open", c_int32),
        ("early", c_int32),
        ("score", c_double),
        ("threshold", c_double),
        ("perturbation", c_double),
        ("confidence", c_double),
        ("session", c_char_p),
        ("kind", c_char_p),
        ("name", c_char_p),
        ("window", c_int64),
        ("first_line", c_uint64),
        ("last_line", c_uint64),
        ("event_count", c_uint64),
    ]


class ProgressStruct(Structure):
    """`birchlog_progress`."""

    _fields_ = [
        ("struct_size", c_uint32),
        ("step", c_uint32),
        ("steps", c_uint32),
        ("reserved", c_uint32),
        ("stage", c_char_p),
        ("loss", c_double),
        ("validation_loss", c_double),
        ("rate", c_double),
        ("remaining", c_double),
    ]


FINDINGS_CALLBACK = ctypes.CFUNCTYPE(c_int32, c_void_p, c_void_p)
LOG_CALLBACK = ctypes.CFUNCTYPE(None, c_char_p, c_void_p)
PROGRESS_CALLBACK = ctypes.CFUNCTYPE(c_int32, POINTER(ProgressStruct), c_void_p)
LINES_CALLBACK = ctypes.CFUNCTYPE(c_int32, c_void_p, c_size_t, c_void_p)

# A handle, and where a call writes one. Pointers to arrays are passed as addresses, so that any buffer will do.
_handle = c_void_p
_output = POINTER(c_void_p)
_array = c_void_p

# Functions that return a status: name and parameters, in the order of the header.
_STATUS_FUNCTIONS: Sequence[Tuple[str, Sequence[Any]]] = (
    ("birchlog_model_load", (c_char_p, _output)),
    ("birchlog_model_load_memory", (c_char_p, c_size_t, _output)),
    ("birchlog_model_save", (_handle, c_char_p)),
    ("birchlog_model_describe", (_handle, _output)),
    ("birchlog_classify_windows", (_handle, _array, c_size_t, c_size_t, _output)),
    ("birchlog_classify_sessions", (_handle, _array, _array, c_size_t, _output)),
    ("birchlog_classify_lines", (_handle, c_char_p, c_size_t, c_char_p, _output)),
    ("birchlog_classify_files", (_handle, POINTER(c_char_p), c_size_t, c_char_p, FINDINGS_CALLBACK, c_void_p)),
    ("birchlog_findings_get", (_handle, c_size_t, POINTER(FindingStruct))),
    ("birchlog_findings_json", (_handle, c_size_t, _output)),
    ("birchlog_findings_explain", (_handle, c_size_t, c_char_p, _output)),
    ("birchlog_findings_keep", (_handle, _output)),
    ("birchlog_stream_create", (_handle, c_char_p, _output)),
    ("birchlog_stream_push", (_handle, c_char_p, c_size_t)),
    ("birchlog_stream_files", (_handle, POINTER(c_char_p), c_size_t, FINDINGS_CALLBACK, c_void_p)),
    ("birchlog_stream_poll", (_handle, _output)),
    ("birchlog_stream_flush", (_handle,)),
    ("birchlog_stream_finish", (_handle,)),
    ("birchlog_stream_snapshot", (_handle, c_char_p, c_char_p, c_size_t)),
    ("birchlog_stream_restore", (_handle, c_char_p, _output)),
    ("birchlog_stream_statistics", (_handle, _output)),
    ("birchlog_model_kinds", (_handle, _output)),
    ("birchlog_model_name_kind", (_handle, c_char_p, c_char_p, _output)),
    ("birchlog_model_kinds_show", (_handle, c_char_p, _output)),
    ("birchlog_model_kinds_journal", (_handle, _output)),
    ("birchlog_model_kinds_note", (_handle, c_char_p, c_char_p, _output)),
    ("birchlog_model_kinds_merge", (_handle, POINTER(c_char_p), c_size_t, _output)),
    ("birchlog_model_kinds_split", (_handle, c_char_p, POINTER(c_char_p), c_size_t, _output)),
    ("birchlog_model_kinds_mark_normal", (_handle, c_char_p, c_int32, _output)),
    ("birchlog_model_kinds_undo", (_handle, c_char_p, c_char_p, _output)),
    ("birchlog_model_kinds_export", (_handle, _output)),
    ("birchlog_model_kinds_import", (_handle, c_char_p, c_size_t, _output, _output)),
    ("birchlog_file_lock_take", (c_char_p, c_uint32, _output)),
    ("birchlog_trainer_create", (c_char_p, _output)),
    ("birchlog_trainer_add_file", (_handle, c_char_p, c_int32)),
    ("birchlog_trainer_add_lines", (_handle, c_char_p, c_size_t, c_int32)),
    ("birchlog_trainer_add_sessions", (_handle, _array, _array, c_size_t, c_int32)),
    ("birchlog_trainer_run", (_handle, PROGRESS_CALLBACK, c_void_p, _output)),
    ("birchlog_trainer_refit", (_handle, _handle, PROGRESS_CALLBACK, c_void_p, _output)),
    ("birchlog_model_update", (_handle, _handle, PROGRESS_CALLBACK, c_void_p, _output)),
    ("birchlog_model_evaluate", (_handle, c_char_p, POINTER(c_char_p), c_size_t, c_char_p, _output)),
    ("birchlog_model_inspect", (_handle, POINTER(c_char_p), c_size_t, c_char_p, c_char_p, c_char_p)),
    ("birchlog_miner_create", (c_char_p, _output)),
    ("birchlog_miner_from_model", (_handle, _output)),
    ("birchlog_miner_learn_line", (_handle, c_char_p, c_size_t, POINTER(c_int32))),
    ("birchlog_miner_learn_file", (_handle, c_char_p, PROGRESS_CALLBACK, c_void_p)),
    ("birchlog_miner_finish", (_handle,)),
    ("birchlog_miner_final_event", (_handle, c_int32, POINTER(c_int32))),
    ("birchlog_miner_parse_line", (_handle, c_char_p, c_size_t, _output)),
    ("birchlog_miner_parse_file", (_handle, c_char_p, LINES_CALLBACK, c_void_p)),
    ("birchlog_miner_templates", (_handle, _output)),
    ("birchlog_miner_statistics", (_handle, _output)),
    ("birchlog_embed", (_array, c_size_t, c_size_t, _array)),
    ("birchlog_clusterer_create", (c_char_p, c_size_t, _output)),
    ("birchlog_clusterer_insert_float", (_handle, _array, c_size_t, _array)),
    ("birchlog_clusterer_insert_double", (_handle, _array, c_size_t, _array)),
    ("birchlog_clusterer_insert_features", (_handle, _array, _array, _array, c_size_t)),
    ("birchlog_clusterer_age", (_handle, c_double)),
    ("birchlog_clusterer_merge", (_handle, _handle)),
    ("birchlog_clusterer_finish", (_handle,)),
    ("birchlog_clusterer_features", (_handle, _array, _array, _array, c_size_t, POINTER(c_size_t))),
    ("birchlog_clusterer_statistics", (_handle, _output)),
    ("birchlog_clusterer_serialise", (_handle, _output)),
    ("birchlog_clusterer_restore", (c_char_p, c_size_t, _output)),
    ("birchlog_clusterer_cluster", (_handle, c_char_p, _handle, _output)),
    ("birchlog_clusters_features", (_handle, _array, _array, _array, _array, c_size_t, POINTER(c_size_t))),
    ("birchlog_clusters_describe", (_handle, _output)),
    ("birchlog_clusters_predict_float", (_handle, _array, c_size_t, c_char_p, _array, _array)),
    ("birchlog_clusters_predict_double", (_handle, _array, c_size_t, c_char_p, _array, _array)),
    ("birchlog_clusters_serialise", (_handle, _output)),
    ("birchlog_clusters_restore", (c_char_p, c_size_t, _output)),
)

# Functions that cannot fail: name, result and parameters.
_PLAIN_FUNCTIONS: Sequence[Tuple[str, Any, Sequence[Any]]] = (
    ("birchlog_version", c_char_p, ()),
    ("birchlog_abi_version", c_uint32, ()),
    ("birchlog_build_info", c_char_p, ()),
    ("birchlog_option_table", c_char_p, ()),
    ("birchlog_status_name", c_char_p, (c_int32,)),
    ("birchlog_last_error", c_char_p, ()),
    ("birchlog_set_log_callback", None, (LOG_CALLBACK, c_void_p)),
    ("birchlog_text_data", c_void_p, (_handle,)),
    ("birchlog_text_length", c_size_t, (_handle,)),
    ("birchlog_text_free", None, (_handle,)),
    ("birchlog_model_retain", c_void_p, (_handle,)),
    ("birchlog_model_free", None, (_handle,)),
    ("birchlog_findings_count", c_size_t, (_handle,)),
    ("birchlog_findings_free", None, (_handle,)),
    ("birchlog_stream_free", None, (_handle,)),
    ("birchlog_file_lock_release", None, (_handle,)),
    ("birchlog_trainer_cancel", None, (_handle,)),
    ("birchlog_trainer_free", None, (_handle,)),
    ("birchlog_miner_free", None, (_handle,)),
    ("birchlog_clusterer_free", None, (_handle,)),
    ("birchlog_clusters_count", c_size_t, (_handle,)),
    ("birchlog_clusters_free", None, (_handle,)),
)


def _candidates() -> List[str]:
    """Where the library may be, first choice first. A bare name is left to the dynamic loader."""
    override = os.environ.get("BIRCHLOG_LIBRARY")
    if override:
        return [override]
    names = (SONAME, "libbirchlog.so")
    folders = [pathlib.Path(__file__).resolve().parent, pathlib.Path(sys.prefix) / "lib"]
    return [str(folder / name) for folder in folders for name in names] + list(names)


def _load() -> ctypes.CDLL:
    tried = []
    for candidate in _candidates():
        if os.sep in candidate and not os.path.exists(candidate):
            tried.append(f"{candidate}: no such file")
            continue
        try:
            library = ctypes.CDLL(candidate)
        except OSError as error:
            tried.append(f"{candidate}: {error}")
            continue
        _declare(library, candidate)
        return library
    raise LibraryError(
        "libbirchlog.so was not found; install Birchlog or set BIRCHLOG_LIBRARY to its path. Tried:\n  "
        + "\n  ".join(tried)
    )


def _declare(library: ctypes.CDLL, path: str) -> None:
    """Gives every function its prototype, after making sure that the library is the one this binding was written for."""
    try:
        library.birchlog_abi_version.restype = c_uint32
        found = library.birchlog_abi_version()
        if found != ABI_VERSION:
            raise LibraryError(f"{path} has ABI version {found}, this binding needs {ABI_VERSION}; update one of them")
        for name, result, parameters in _PLAIN_FUNCTIONS:
            function = getattr(library, name)
            function.restype, function.argtypes = result, parameters
        for name, parameters in _STATUS_FUNCTIONS:
            function = getattr(library, name)
            function.restype, function.argtypes, function.errcheck = c_int32, parameters, _check
    except AttributeError as error:
        raise LibraryError(f"{path} is no Birchlog library that this binding can use: {error}") from None


def _check(status: int, function: Any, arguments: Tuple[Any, ...]) -> None:
    """Turns a status into an exception; ctypes calls it after every function that returns one."""
    if status == 0:
        return
    message = lib.birchlog_last_error().decode("utf-8", "replace")
    error = BY_STATUS.get(status, BirchlogError)(message or f"{function.__name__} failed with status {status}")
    error.status = status
    raise error


@LOG_CALLBACK
def _log(message: bytes, _context: object) -> None:
    logging.getLogger("birchlog").warning("%s", message.decode("utf-8", "replace"))


lib = _load()
lib.birchlog_set_log_callback(_log, None)
