"""Tells which kind of anomaly a log shows, without labels.

    from birchlog import Model

    model = Model.load("service.birchlog")
    for finding in model.classify_files("service.log"):
        if finding.anomalous:
            print(finding.session, finding.kind, finding.score)
"""

from __future__ import annotations

import json
from typing import Any, Dict

from ._clustering import Clusterer, Clusters
from ._errors import (
    ArgumentError,
    BirchlogError,
    CancelledError,
    FileError,
    InputError,
    InternalError,
    LibraryError,
    LimitError,
    ModelError,
    ModelVersionError,
    NotFoundError,
    NumericError,
    OptionError,
)
from ._findings import Finding
from ._kinds import Kind
from ._lib import lib as _library
from ._lock import FileLock
from ._miner import Miner
from ._model import Model
from ._stream import Stream
from ._trainer import Progress, Trainer

__all__ = [
    "ArgumentError",
    "BirchlogError",
    "CancelledError",
    "Clusterer",
    "Clusters",
    "FileError",
    "FileLock",
    "Finding",
    "InputError",
    "InternalError",
    "Kind",
    "LibraryError",
    "LimitError",
    "Miner",
    "Model",
    "ModelError",
    "ModelVersionError",
    "NotFoundError",
    "NumericError",
    "OptionError",
    "Progress",
    "Stream",
    "Trainer",
    "build_info",
    "library_version",
]

__version__ = "0.1.0"


def library_version() -> str:
    """The version of the loaded library, such as "0.1.0"."""
    version: str = _library.birchlog_version().decode("utf-8")
    return version


def build_info() -> Dict[str, Any]:
    """How the loaded library was built, and which instruction set it chose."""
    information: Dict[str, Any] = json.loads(_library.birchlog_build_info())
    return information
