"""One exception class for each status of the library."""

from __future__ import annotations

from typing import Dict, Type


class BirchlogError(Exception):
    """A call of the library failed. `status` is the C status, 0 for failures that the binding itself found."""

    status: int = 0


class LibraryError(BirchlogError, ImportError):
    """`libbirchlog.so` was not found, could not be loaded, or has another ABI than this binding."""


class ArgumentError(BirchlogError, ValueError):
    """An argument is not what the call takes: a negative event, offsets that descend, a closed object."""

    status = -1


class LimitError(BirchlogError, ValueError):
    """A length is above one of the library's documented limits."""

    status = -2


class OptionError(BirchlogError, ValueError):
    """An option is unknown, has a bad value, or contradicts another."""

    status = -3


class FileError(BirchlogError):
    """A file is missing, is a folder, may not be read, or could not be written."""

    status = -4


class InputError(BirchlogError, ValueError):
    """Input is malformed, or too little to learn from."""

    status = -5


class ModelError(BirchlogError):
    """The file or the bytes are not a model, or a damaged one."""

    status = -6


class ModelVersionError(BirchlogError):
    """The model file is of a later format than the library reads."""

    status = -7


class NotFoundError(BirchlogError, LookupError):
    """There is no kind of this id, or no finding of this index."""

    status = -8


class CancelledError(BirchlogError):
    """The caller cancelled."""

    status = -9


class NumericError(BirchlogError, ArithmeticError):
    """Training met a value that is not finite."""

    status = -10


class InternalError(BirchlogError):
    """A defect of the library: please report it."""

    status = -11


BY_STATUS: Dict[int, Type[BirchlogError]] = {
    error.status: error
    for error in (
        ArgumentError,
        LimitError,
        OptionError,
        FileError,
        InputError,
        ModelError,
        ModelVersionError,
        NotFoundError,
        CancelledError,
        NumericError,
        InternalError,
    )
}
