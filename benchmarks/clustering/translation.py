#!/usr/bin/env python3
"""What moving the data does: the same points (float64) moved by 1,000 and by 1,000,000, beside scikit-learn.

    python3 benchmarks/clustering/translation.py

The points lie on a grid of 2^-20, so that moving them rounds nothing. Printed: points that changed cluster (clusters are matched by most
points), and the largest relative change of the radius of a leaf entry.
"""

import common
import numpy

COUNT, DIMENSION, CENTRES = 20_000, 8, 12


def scikit_learn(points):
    from sklearn.cluster import Birch

    model = Birch(threshold=0.5, n_clusters=CENTRES).fit(points)
    radii, leaf = [], model.dummy_leaf_.next_leaf_
    while leaf is not None:
        radii += [entry.radius for entry in leaf.subclusters_]
        leaf = leaf.next_leaf_
    return model.predict(points), numpy.array(radii)


def birchlog_(points):
    import birchlog

    clusterer = birchlog.Clusterer(DIMENSION, threshold=0.5, memory=None).insert(points).finish()
    features = clusterer.features()
    clusters = clusterer.cluster(method="ward", clusters=CENTRES)
    return clusters.predict(points)[0], numpy.sqrt(features["deviations"] / features["weight"])


def changes(before, after):
    """Points outside of the cluster into which most points of their old one went."""
    table = numpy.zeros((before.max() + 1, after.max() + 1), int)
    numpy.add.at(table, (before, after), 1)
    return len(before) - table.max(1).sum()


def main():
    points, _ = common.blobs(1, COUNT, DIMENSION, CENTRES)
    points = numpy.round(points * 2**20) / 2**20
    print("| | moved by | leaf entries, unmoved | moved | points that changed cluster | largest relative change of a radius |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, fit in (("scikit-learn", scikit_learn), ("Birchlog", birchlog_)):
        labels, radii = fit(points)
        for offset in (1e3, 1e6):
            moved, changed = fit(points + offset)
            if len(changed) == len(radii):
                large = radii > 0
                change = f"{(abs(changed - radii)[large] / radii[large]).max():.1e}"
            else:
                change = "other entries"
            print(
                f"| {name} | {offset:,.0f} | {len(radii):,} | {len(changed):,} | {changes(labels, moved):,} | {change} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
