#!/usr/bin/env python3
"""Calls the C interface by ctypes alone, for hosts that cannot install the binding.

    python3 ctypes_minimal.py /usr/local/lib/libbirchlog.so.0 service.birchlog < service.log

Prints the findings on all sessions of standard input as JSON Lines.
"""

import ctypes
import sys
from ctypes import POINTER, byref, c_char_p, c_int32, c_size_t, c_void_p


def load(path: str) -> ctypes.CDLL:
    """The library with the prototypes of the functions used here; without them ctypes would cut pointers to 32 bits."""
    library = ctypes.CDLL(path)
    prototypes = {
        "birchlog_last_error": (c_char_p, []),
        "birchlog_model_load": (c_int32, [c_char_p, POINTER(c_void_p)]),
        "birchlog_model_free": (None, [c_void_p]),
        "birchlog_classify_lines": (c_int32, [c_void_p, c_char_p, c_size_t, c_char_p, POINTER(c_void_p)]),
        "birchlog_findings_count": (c_size_t, [c_void_p]),
        "birchlog_findings_json": (c_int32, [c_void_p, c_size_t, POINTER(c_void_p)]),
        "birchlog_findings_free": (None, [c_void_p]),
        "birchlog_text_data": (c_char_p, [c_void_p]),
        "birchlog_text_free": (None, [c_void_p]),
    }
    for name, (result, parameters) in prototypes.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, parameters
    return library


def main() -> int:
    if len(sys.argv) != 3:
        print("usage: ctypes_minimal.py LIBRARY MODEL < LOG", file=sys.stderr)
        return 2
    library = load(sys.argv[1])
    model, findings = c_void_p(), c_void_p()
    lines = sys.stdin.buffer.read()
    try:
        if (
            library.birchlog_model_load(sys.argv[2].encode(), byref(model)) != 0
            or library.birchlog_classify_lines(model, lines, len(lines), None, byref(findings)) != 0
        ):
            print(library.birchlog_last_error().decode(), file=sys.stderr)
            return 3
        for index in range(library.birchlog_findings_count(findings)):
            text = c_void_p()
            if library.birchlog_findings_json(findings, index, byref(text)) != 0:
                print(library.birchlog_last_error().decode(), file=sys.stderr)
                return 3
            print(library.birchlog_text_data(text).decode())
            library.birchlog_text_free(text)
    finally:
        library.birchlog_findings_free(findings)
        library.birchlog_model_free(model)
    return 0


if __name__ == "__main__":
    sys.exit(main())
