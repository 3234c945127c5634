"""Builds the wheel with the standard library alone (PEP 517), so that `pip install` works where there is no network.

setuptools would have to be fetched first by every isolated build. The package is plain Python, and a wheel of plain Python is a zip file with
three files of metadata. A `libbirchlog.so*` that lies in the package's folder goes into the wheel.
"""

from __future__ import annotations

import base64
import hashlib
import io
import pathlib
import re
import tarfile
import zipfile
from typing import Dict, List, Optional

ROOT = pathlib.Path(__file__).resolve().parents[1]
PACKAGE = "birchlog"
# The earliest time that a zip file can hold: the same sources give the same bytes.
TIME_STAMP = (1980, 1, 1, 0, 0, 0)


def _field(name: str) -> str:
    """A text of pyproject.toml; Python before 3.11 has no reader of TOML."""
    found = re.search(rf'^{re.escape(name)} = "(.*)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    if found is None:
        raise RuntimeError(f"pyproject.toml has no {name}")
    return found.group(1)


def _metadata() -> str:
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {_field('name')}",
        f"Version: {_field('version')}",
        f"Summary: {_field('description')}",
        "License: Apache-2.0",
        f"Requires-Python: {_field('requires-python')}",
        "Provides-Extra: numpy",
        'Requires-Dist: numpy>=1.21; extra == "numpy"',
        "Description-Content-Type: text/markdown",
        "",
        (ROOT / "README.md").read_text(encoding="utf-8"),
    ]
    return "\n".join(lines)


def _package_files() -> Dict[str, bytes]:
    folder = ROOT / PACKAGE
    paths: List[pathlib.Path] = [*folder.glob("*.py"), folder / "py.typed", *folder.glob("libbirchlog.so*")]
    return {f"{PACKAGE}/{path.name}": path.read_bytes() for path in sorted(paths)}


def _write_wheel(directory: str, files: Dict[str, bytes]) -> str:
    version = _field("version")
    information = f"{PACKAGE}-{version}.dist-info"
    native = any(".so" in name for name in files)
    tag = "py3-none-linux_x86_64" if native else "py3-none-any"
    wheel = f"Wheel-Version: 1.0\nGenerator: {PACKAGE}\nRoot-Is-Purelib: {str(not native).lower()}\nTag: {tag}\n"
    files = {**files, f"{information}/METADATA": _metadata().encode(), f"{information}/WHEEL": wheel.encode()}
    record = ""
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(data)}\n"
    files[f"{information}/RECORD"] = f"{record}{information}/RECORD,,\n".encode()
    result = f"{PACKAGE}-{version}-{tag}.whl"
    with zipfile.ZipFile(pathlib.Path(directory) / result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, TIME_STAMP)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return result


def build_wheel(
    wheel_directory: str, config_settings: Optional[Dict[str, str]] = None, metadata_directory: Optional[str] = None
) -> str:
    """Writes the wheel; returns its file name."""
    return _write_wheel(wheel_directory, _package_files())


def build_editable(
    wheel_directory: str, config_settings: Optional[Dict[str, str]] = None, metadata_directory: Optional[str] = None
) -> str:
    """Writes a wheel that points at this folder (PEP 660); returns its file name."""
    return _write_wheel(wheel_directory, {f"_{PACKAGE}.pth": f"{ROOT}\n".encode()})


def build_sdist(sdist_directory: str, config_settings: Optional[Dict[str, str]] = None) -> str:
    """Writes the source archive; returns its file name."""
    base = f"{PACKAGE}-{_field('version')}"
    names = ["pyproject.toml", "README.md", "build_backend/wheel_backend.py"]
    files = {name: (ROOT / name).read_bytes() for name in names}
    files.update(_package_files())
    files["PKG-INFO"] = _metadata().encode()
    with tarfile.open(pathlib.Path(sdist_directory) / f"{base}.tar.gz", "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for name, data in sorted(files.items()):
            entry = tarfile.TarInfo(f"{base}/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return f"{base}.tar.gz"
