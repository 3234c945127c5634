"""The clustering engine on its own: BIRCH in bounded memory. Needs numpy.

    from birchlog import Clusterer

    clusterer = Clusterer(dimension=128, threshold=0.5)
    for block in blocks:                    # float32 or float64, [count, 128]
        clusterer.insert(block)
    clusters = clusterer.cluster()          # or clusters=20, or cut=0.8
    ids, distances = clusters.predict(points, limit="auto")
"""

from __future__ import annotations

import json
import threading
from ctypes import byref, c_size_t, c_void_p
from typing import Any, Dict, Optional, Tuple

from ._errors import ArgumentError, OptionError
from ._handle import Handle, Owner, take_bytes, take_text
from ._lib import lib


def _numpy() -> Any:
    try:
        import numpy
    except ImportError:
        raise ImportError("the clustering engine takes and returns numpy arrays: install numpy") from None
    return numpy


def _options(options: Dict[str, Any]) -> bytes:
    """Keyword arguments as JSON; unlike elsewhere None is a value here, which lifts a limit."""
    try:
        return json.dumps(options, allow_nan=False).encode("utf-8")
    except (TypeError, ValueError) as error:
        raise OptionError(f"options cannot be written as JSON: {error}") from None


def _points(values: Any, dimension: int) -> Tuple[Any, str]:
    """Points as a C-contiguous matrix of float32 or float64, without a copy where they are one, and the function's suffix."""
    numpy = _numpy()
    values = numpy.asarray(values)
    if values.dtype != numpy.float32:
        values = values.astype(numpy.float64, copy=False)
    if values.ndim != 2 or values.shape[1] != dimension:
        raise ArgumentError(f"points must have the shape [count, {dimension}], not {list(values.shape)}")
    return numpy.ascontiguousarray(values), "float" if values.dtype == numpy.float32 else "double"


def _doubles(values: Any, shape: Tuple[int, ...], name: str) -> Any:
    numpy = _numpy()
    values = numpy.ascontiguousarray(values, dtype=numpy.float64)
    if values.shape != shape:
        raise ArgumentError(f"{name} must have the shape {list(shape)}, not {list(values.shape)}")
    return values


class Clusters(Owner):
    """Clusters as of one moment; they never change. `Clusterer.cluster` makes them."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._dimension = int(self.describe()["dimension"])

    def __enter__(self) -> Clusters:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def __len__(self) -> int:
        count: int = lib.birchlog_clusters_count(self._open)
        return count

    @classmethod
    def from_bytes(cls, data: bytes) -> Clusters:
        """Restores what `to_bytes` gave."""
        output = c_void_p()
        lib.birchlog_clusters_restore(bytes(data), len(data), byref(output))
        return cls(Handle(output, lib.birchlog_clusters_free))

    def to_bytes(self) -> bytes:
        """The clusters as bytes."""
        return take_bytes(lambda output: lib.birchlog_clusters_serialise(self._open, output))

    def __reduce__(self) -> Any:
        return Clusters.from_bytes, (self.to_bytes(),)

    def describe(self) -> Dict[str, Any]:
        """The clusters, the curve behind their number, and how they continue earlier ones."""
        description: Dict[str, Any] = json.loads(
            take_text(lambda output: lib.birchlog_clusters_describe(self._open, output))
        )
        return description

    def features(self) -> Dict[str, Any]:
        """Arrays `id`, `weight`, `deviations` and `mean`, one row for each cluster, the heaviest first."""
        numpy = _numpy()
        count = len(self)
        ids = numpy.empty(count, numpy.int32)
        weights, deviations = numpy.empty(count), numpy.empty(count)
        means = numpy.empty((count, self._dimension))
        lib.birchlog_clusters_features(
            self._open, ids.ctypes.data, weights.ctypes.data, deviations.ctypes.data, means.ctypes.data, count,
            byref(c_size_t()),
        )
        return {"id": ids, "weight": weights, "deviations": deviations, "mean": means}

    def predict(self, points: Any, *, search: str = "exact", limit: Any = None) -> Tuple[Any, Any]:
        """For each point the id of its cluster, -1 near none, and its distance from the nearest entry."""
        numpy = _numpy()
        values, suffix = _points(points, self._dimension)
        ids, distances = numpy.empty(len(values), numpy.int32), numpy.empty(len(values))
        options = _options({"search": search, "limit": limit})
        function = getattr(lib, f"birchlog_clusters_predict_{suffix}")
        function(self._open, values.ctypes.data, len(values), options, ids.ctypes.data, distances.ctypes.data)
        return ids, distances


class Clusterer(Owner):
    """A tree of clustering features: any number of points in one pass, in bounded memory. Threads that share one wait for each other."""

    def __init__(self, dimension: int, **options: Any) -> None:
        """Options are those of `docs/clustering.md`, such as `threshold`, or `memory` in bytes; None lifts a limit."""
        if not isinstance(dimension, int) or dimension < 0:
            raise ArgumentError(f"dimension must be a whole number of at least 1, not {dimension!r}")
        output = c_void_p()
        lib.birchlog_clusterer_create(_options(options), dimension, byref(output))
        self._handle = Handle(output, lib.birchlog_clusterer_free)
        self._dimension = dimension
        self._lock = threading.RLock()

    def __enter__(self) -> Clusterer:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    @classmethod
    def from_bytes(cls, data: bytes) -> Clusterer:
        """Restores what `to_bytes` gave; it goes on as if it had never stopped."""
        output = c_void_p()
        lib.birchlog_clusterer_restore(bytes(data), len(data), byref(output))
        clusterer = cls.__new__(cls)
        clusterer._handle = Handle(output, lib.birchlog_clusterer_free)
        clusterer._lock = threading.RLock()
        clusterer._dimension = int(clusterer.statistics()["dimension"])
        return clusterer

    def to_bytes(self) -> bytes:
        """The exact tree as bytes."""
        with self._lock:
            return take_bytes(lambda output: lib.birchlog_clusterer_serialise(self._open, output))

    def __reduce__(self) -> Any:
        return Clusterer.from_bytes, (self.to_bytes(),)

    def insert(self, points: Any, weights: Any = None) -> Clusterer:
        """Inserts points `[count, dimension]`; float32 and float64 are taken as they are. Returns itself."""
        values, suffix = _points(points, self._dimension)
        if weights is not None:
            weights = _doubles(weights, (len(values),), "weights")
        function = getattr(lib, f"birchlog_clusterer_insert_{suffix}")
        with self._lock:
            function(self._open, values.ctypes.data, len(values), None if weights is None else weights.ctypes.data)
        return self

    def insert_features(self, features: Dict[str, Any]) -> Clusterer:
        """Inserts clustering features as `features` gives them: `weight`, `deviations` and `mean`."""
        count = len(features["weight"])
        weights = _doubles(features["weight"], (count,), "weight")
        deviations = _doubles(features["deviations"], (count,), "deviations")
        means = _doubles(features["mean"], (count, self._dimension), "mean")
        with self._lock:
            lib.birchlog_clusterer_insert_features(
                self._open, weights.ctypes.data, deviations.ctypes.data, means.ctypes.data, count
            )
        return self

    def features(self) -> Dict[str, Any]:
        """Arrays `weight`, `deviations` and `mean`, one row for each leaf entry, then for each outlier."""
        numpy = _numpy()
        count = c_size_t()
        with self._lock:
            lib.birchlog_clusterer_features(self._open, None, None, None, 0, byref(count))
            weights, deviations = numpy.empty(count.value), numpy.empty(count.value)
            means = numpy.empty((count.value, self._dimension))
            lib.birchlog_clusterer_features(
                self._open, weights.ctypes.data, deviations.ctypes.data, means.ctypes.data, count.value, byref(count)
            )
        return {"weight": weights, "deviations": deviations, "mean": means}

    def age(self, factor: float) -> Clusterer:
        """Multiplies the weight of everything held by `factor`."""
        with self._lock:
            lib.birchlog_clusterer_age(self._open, factor)
        return self

    def merge(self, other: Clusterer) -> Clusterer:
        """Adds everything that another one holds, which stays as it is."""
        # Always in the same order, so that two threads that merge both ways cannot wait for each other for ever.
        first, second = sorted((self._lock, other._lock), key=id)
        with first, second:
            lib.birchlog_clusterer_merge(self._open, other._open)
        return self

    def finish(self) -> Clusterer:
        """Ends a pass: places points held back, and tries outliers once more."""
        with self._lock:
            lib.birchlog_clusterer_finish(self._open)
        return self

    def statistics(self) -> Dict[str, Any]:
        """Counts, threshold and bytes."""
        with self._lock:
            text = take_text(lambda output: lib.birchlog_clusterer_statistics(self._open, output))
        statistics: Dict[str, Any] = json.loads(text)
        return statistics

    def cluster(self, previous: Optional[Clusters] = None, **options: Any) -> Clusters:
        """Finds the clusters; those that continue one of `previous` keep its id. Options as in `docs/clustering.md`."""
        output = c_void_p()
        with self._lock:
            lib.birchlog_clusterer_cluster(
                self._open, _options(options), None if previous is None else previous._open, byref(output)
            )
        return Clusters(Handle(output, lib.birchlog_clusters_free))
