"""What the benchmarks of the clustering engine share: threads held to one, synthetic families, and scores.

Import this before numpy: it limits the threads of the BLAS that numpy and scikit-learn use, so that both sides run on one.
"""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy  # noqa: E402


def reset_peak():
    """Forgets the process's peak memory so far (Linux)."""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")


def megabytes(field):
    """`VmRSS`, the memory of the process, or `VmHWM`, its peak."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith(field + ":"))


def directions(count, dimension, centres, noise, seed, dtype=numpy.float32):
    """Points about random directions of length 1, with noise of root mean square length `noise`; and their directions."""
    random = numpy.random.default_rng(seed)
    middle = random.standard_normal((centres, dimension), dtype=numpy.float32)
    middle /= numpy.linalg.norm(middle, axis=1, keepdims=True)
    truth = random.integers(0, centres, count)
    points = random.standard_normal((count, dimension), dtype=numpy.float32)
    points *= noise / dimension**0.5
    points += middle[truth]
    return points.astype(dtype, copy=False), truth


def blobs(seed, count=20_000, dimension=16, centres=30):
    """Isotropic Gaussian blobs, scikit-learn's make_blobs."""
    from sklearn.datasets import make_blobs

    return make_blobs(count, dimension, centers=centres, cluster_std=0.3, center_box=(-4, 4), random_state=seed)


def grid(seed, count=20_000):
    """DS1 of the 1996 paper: 10 x 10 Gaussian clusters on a grid, in random order."""
    random = numpy.random.default_rng(seed)
    truth = random.integers(0, 100, count)
    middle = numpy.stack([truth % 10, truth // 10], 1) * 8.0
    return middle + random.normal(0, 1, (count, 2)), truth


def sine(seed, count=20_000):
    """DS2 of the 1996 paper: 100 Gaussian clusters along a sine curve."""
    random = numpy.random.default_rng(seed)
    truth = random.integers(0, 100, count)
    x = truth * 8.0
    middle = numpy.stack([x, 100 * numpy.sin(2 * numpy.pi * truth / 25)], 1)
    return middle + random.normal(0, 1, (count, 2)), truth


def anisotropic(seed, count=20_000):
    """Blobs stretched by one random matrix, well apart."""
    points, truth = blobs(seed, count, dimension=8, centres=20)
    random = numpy.random.default_rng(seed)
    return points @ (numpy.eye(8) + 0.3 * random.normal(0, 1, (8, 8))), truth
