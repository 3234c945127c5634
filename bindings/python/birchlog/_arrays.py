"""Event ids as the library takes them: `int32`, in one piece, without a copy where they already are."""

from __future__ import annotations

from array import array
from itertools import accumulate, chain
from typing import Any, Optional, Tuple

from ._errors import ArgumentError

_SMALLEST, _LARGEST = -(2**31), 2**31 - 1


class Buffer:
    """The address of C-contiguous numbers, together with what keeps them alive."""

    __slots__ = ("address", "count", "owner", "shape")

    def __init__(self, owner: Any, address: int, shape: Tuple[int, ...]) -> None:
        self.owner = owner
        self.address = address if shape and 0 not in shape else None
        self.shape = shape
        self.count = 1
        for length in shape:
            self.count *= length


def _of_array(numbers: array[int], shape: Optional[Tuple[int, ...]] = None) -> Buffer:
    address, count = numbers.buffer_info()
    return Buffer(numbers, address, (count,) if shape is None else shape)


def _int32(values: Any) -> array[int]:
    try:
        return array("i", values)
    except OverflowError:
        raise ArgumentError(f"events must lie between 0 and {_LARGEST}") from None
    except TypeError as error:
        raise ArgumentError(f"events must be whole numbers: {error}") from None


def _of_numpy(values: Any) -> Buffer:
    import numpy

    values = numpy.asarray(values)
    if values.dtype.kind not in "iu":
        if values.size:
            raise ArgumentError(f"events must be whole numbers, not {values.dtype}")
        values = values.astype(numpy.int32)
    if values.dtype != numpy.int32:
        if values.size and (values.min() < _SMALLEST or values.max() > _LARGEST):
            raise ArgumentError(f"events must lie between 0 and {_LARGEST}")
    values = numpy.ascontiguousarray(values, dtype=numpy.int32)
    return Buffer(values, values.ctypes.data, values.shape)


def events(values: Any) -> Buffer:
    """Event ids in one dimension: a numpy array, an `array.array`, or any iterable of whole numbers."""
    if hasattr(values, "__array__"):
        buffer = _of_numpy(values)
    elif isinstance(values, array) and values.typecode == "i":
        buffer = _of_array(values)
    else:
        buffer = _of_array(_int32(values))
    if len(buffer.shape) != 1:
        raise ArgumentError(f"events must have one dimension, not {len(buffer.shape)}")
    return buffer


def windows(values: Any) -> Buffer:
    """Windows of equal length, `[count, length]`: a numpy array, or a sequence of sequences."""
    if hasattr(values, "__array__"):
        buffer = _of_numpy(values)
        if len(buffer.shape) != 2:
            raise ArgumentError(f"windows must have two dimensions, [count, length], not {len(buffer.shape)}")
        return buffer
    rows = [row if isinstance(row, (list, tuple, array)) else list(row) for row in values]
    length = len(rows[0]) if rows else 0
    for index, row in enumerate(rows):
        if len(row) != length:
            raise ArgumentError(f"window {index} has {len(row)} events, the first has {length}; all need the same number")
    return _of_array(_int32(chain.from_iterable(rows)), (len(rows), length))


def sessions(values: Any, offsets: Any) -> Tuple[Buffer, Buffer]:
    """Sessions as one run of events and their offsets; with `offsets` given, `values` is that run already."""
    if offsets is not None:
        run, starts = events(values), _offsets(offsets)
        if starts.count == 0 or starts.owner[0] != 0 or starts.owner[starts.count - 1] != run.count:
            raise ArgumentError(f"offsets must start at 0 and end at the number of events, {run.count}")
        return run, starts
    if hasattr(values, "__array__") and not isinstance(values, (list, tuple)):
        values = list(values)
    rows = [row if hasattr(row, "__len__") else list(row) for row in values]
    starts = _of_array(array("L", chain((0,), accumulate(map(len, rows)))))
    if rows and all(hasattr(row, "__array__") for row in rows):
        import numpy

        return events(numpy.concatenate([numpy.asarray(row) for row in rows])), starts
    return _of_array(_int32(chain.from_iterable(rows))), starts


def _offsets(values: Any) -> Buffer:
    """Offsets as `size_t`."""
    if hasattr(values, "__array__"):
        import numpy

        numbers = numpy.asarray(values)
        if numbers.dtype.kind not in "iu" or numbers.ndim != 1:
            raise ArgumentError("offsets must be whole numbers in one dimension")
        if numbers.size and numbers.min() < 0:
            raise ArgumentError("offsets must not be negative")
        numbers = numpy.ascontiguousarray(numbers, dtype=numpy.uintp)
        return Buffer(numbers, numbers.ctypes.data, numbers.shape)
    try:
        return _of_array(array("L", values))
    except OverflowError:
        raise ArgumentError("offsets must not be negative") from None
    except TypeError as error:
        raise ArgumentError(f"offsets must be whole numbers: {error}") from None
