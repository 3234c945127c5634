"""Writes ../ReferenceValues.swift: what SciPy and scikit-learn say about small point sets.

Run with numpy, scipy and scikit-learn: python3 make_reference.py
"""

import pathlib

import numpy as np
import scipy.cluster.hierarchy as hierarchy
from scipy.spatial.distance import pdist, squareform
from sklearn.metrics import silhouette_samples, silhouette_score

random = np.random.default_rng(20)
centres = np.array([[0, 0, 0], [6, 0, 1], [0, 7, -2], [5, 5, 5]], dtype=float)
sizes = [14, 9, 12, 5]
points = np.concatenate(
    [centre + random.normal(scale=1.1, size=(size, 3)) for centre, size in zip(centres, sizes)]
)
truth = np.repeat(np.arange(4), sizes)
order = random.permutation(len(points))
points, truth = np.round(points[order], 6), truth[order]


def first_appearance(labels):
    numbers = {}
    return [numbers.setdefault(int(label), len(numbers)) for label in labels]


def merges(method):
    if method == "average":  # D2: the root of the mean squared distance
        table = hierarchy.linkage(pdist(points) ** 2, "average")
        table[:, 2] = np.sqrt(table[:, 2])
        return table
    return hierarchy.linkage(points, {"averageEuclidean": "average"}.get(method, method))


def array(name, values, kind):
    lines, line = [], "   "
    for value in values:
        text = f" {value!r},"
        if len(line) + len(text) > 98:
            lines.append(line)
            line = "   "
        line += text
    lines.append(line)
    return f"  static let {name}: [{kind}] = [\n" + "\n".join(lines) + "\n  ]\n"


out = ["/// Made by reference/make_reference.py from SciPy and scikit-learn; not to be edited.\n"]
out.append("enum ReferenceValues {\n")
out.append("  static let dimension = 3\n\n")
out.append(array("points", [float(x) for x in points.ravel()], "Double"))
out.append("\n" + array("groups", first_appearance(truth), "Int"))
for method in ("average", "averageEuclidean", "ward", "complete"):
    table = merges(method)
    pairs = np.sort(table[:, :2].astype(int), axis=1)
    cut = hierarchy.fcluster(table, 4, "maxclust")
    out.append("\n" + array(f"{method}Pairs", [int(x) for x in pairs.ravel()], "Int"))
    out.append("\n" + array(f"{method}Heights", [float(x) for x in table[:, 2]], "Double"))
    out.append("\n" + array(f"{method}FourClusters", first_appearance(cut), "Int"))
samples = silhouette_samples(points, truth)
out.append("\n" + array("silhouettes", [float(x) for x in samples], "Double"))
out.append(f"\n  static let meanSilhouette = {float(silhouette_score(points, truth))!r}\n")
multiplicity = np.arange(len(points)) % 3 + 1
copies = np.repeat(points, multiplicity, 0)
# Distances by SciPy: scikit-learn's shortcut leaves 1e-8 between equal points.
repeated = silhouette_samples(
    squareform(pdist(copies)), np.repeat(truth, multiplicity), metric="precomputed"
)
starts = np.concatenate([[0], np.cumsum(multiplicity)[:-1]])
out.append("\n" + array("repeatedSilhouettes", [float(x) for x in repeated[starts]], "Double"))
out.append("}\n")
pathlib.Path(__file__).with_name("..").joinpath("ReferenceValues.swift").write_text("".join(out))
