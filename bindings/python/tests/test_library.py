"""How the library is found, and what it says about itself."""

import ctypes
import pathlib
import re
import subprocess
import sys
import unittest

import support  # noqa: F401
import birchlog
from birchlog import _lib

HEADER = pathlib.Path(__file__).resolve().parents[3] / "include" / "birchlog.h"


def run_python(code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    variables = {"PYTHONPATH": str(pathlib.Path(birchlog.__file__).parents[1]), "PATH": "/usr/bin:/bin", **environment}
    return subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False)


class LibraryTests(unittest.TestCase):
    def test_version_of_the_library_is_that_of_the_binding(self) -> None:
        self.assertEqual(birchlog.library_version(), birchlog.__version__)
        self.assertIsInstance(birchlog.build_info(), dict)

    def test_a_library_that_is_not_there_is_named_with_the_reason(self) -> None:
        result = run_python("import birchlog", BIRCHLOG_LIBRARY="/no/such/libbirchlog.so")
        self.assertEqual(result.returncode, 1)
        self.assertIn("LibraryError", result.stderr)
        self.assertIn("/no/such/libbirchlog.so: no such file", result.stderr)

    def test_without_an_override_every_place_that_was_tried_is_listed(self) -> None:
        code = "import ctypes\ndef refuse(*_): raise OSError('refused')\nctypes.CDLL = refuse\nimport birchlog"
        result = run_python(code)
        self.assertEqual(result.returncode, 1)
        for place in ("birchlog/libbirchlog.so.0", f"{sys.prefix}/lib/libbirchlog.so.0", "\n  libbirchlog.so.0: refused"):
            self.assertIn(place, result.stderr)

    def test_a_foreign_library_is_refused(self) -> None:
        result = run_python("import birchlog", BIRCHLOG_LIBRARY="libm.so.6")
        self.assertIn("no Birchlog library", result.stderr)

    @unittest.skipUnless(HEADER.exists(), "the header lies beside the binding only in the repository")
    def test_every_function_of_the_header_has_a_prototype(self) -> None:
        text = re.sub(r"/\*.*?\*/", "", HEADER.read_text(encoding="utf-8"), flags=re.S)
        declared = re.findall(r"[\s*](birchlog_\w+)\(([^;]*?)\);", text)
        counts = {name: 0 if parameters == "void" else parameters.count(",") + 1 for name, parameters in declared}
        prototypes = {name: len(parameters) for name, parameters in _lib._STATUS_FUNCTIONS}
        prototypes.update({name: len(parameters) for name, _, parameters in _lib._PLAIN_FUNCTIONS})
        self.assertEqual(prototypes, counts)

    def test_structures_have_the_size_that_the_library_asks_for(self) -> None:
        self.assertEqual(ctypes.sizeof(_lib.FindingStruct), 104)
        self.assertEqual(ctypes.sizeof(_lib.ProgressStruct), 56)

    def test_each_status_has_an_exception_of_its_own(self) -> None:
        names = {status: _lib.lib.birchlog_status_name(status).decode() for status in range(-20, 0)}
        known = {status for status, name in names.items() if name != "unknown"}
        self.assertEqual(set(birchlog._errors.BY_STATUS), known)


if __name__ == "__main__":
    unittest.main()
