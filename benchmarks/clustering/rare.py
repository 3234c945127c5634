#!/usr/bin/env python3
"""Rare groups among a large background: five of 20 points, 4 background radii out, among a million points, 32 columns, 16 MB.

    python3 benchmarks/clustering/rare.py [--count 1000000]

The groups come in any place: first, last, at random, evenly spread, or with the whole input sorted by distance. Printed for each order: whether every
group's points are in entries and in clusters of their own, with the automatic number of clusters and with the true one.
"""

import argparse
import time

import common
import numpy

DIMENSION, GROUPS, SIZE = 32, 5, 20


def data(count, seed):
    random = numpy.random.default_rng(seed)
    background = random.standard_normal((count, DIMENSION), dtype=numpy.float32)
    radius = DIMENSION**0.5
    places = random.standard_normal((GROUPS, DIMENSION))
    places *= 4 * radius / numpy.linalg.norm(places, axis=1, keepdims=True)
    groups = numpy.repeat(places, SIZE, 0) + random.normal(0, 0.2, (GROUPS * SIZE, DIMENSION))
    points = numpy.concatenate([background, groups.astype(numpy.float32)])
    truth = numpy.concatenate([numpy.zeros(count, int), numpy.repeat(numpy.arange(1, GROUPS + 1), SIZE)])
    return points, truth


def orders(points, truth, seed):
    random = numpy.random.default_rng(seed)
    rare = numpy.flatnonzero(truth)
    rest = numpy.flatnonzero(truth == 0)
    yield "groups first", numpy.concatenate([rare, rest])
    yield "groups last", numpy.concatenate([rest, rare])
    yield "at random", random.permutation(len(points))
    spread = numpy.insert(rest, numpy.linspace(0, len(rest), len(rare)).astype(int), rare)
    yield "evenly spread", spread
    length = numpy.linalg.norm(points, axis=1)
    yield "nearest first", numpy.argsort(length)
    yield "farthest first", numpy.argsort(-length)


def separate(labels, truth):
    """How many groups have a label that all of their points and no others carry."""
    return sum(
        len(set(labels[truth == group])) == 1 and (truth[labels == labels[truth == group][0]] == group).all()
        for group in range(1, GROUPS + 1)
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    import birchlog

    points, truth = data(arguments.count, arguments.seed)
    print("| order | fit, s | rebuilds | entries | outliers | tree at most, MB | groups in entries of their own | clusters, auto | groups that are one | of 6 clusters |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, order in orders(points, truth, arguments.seed):
        arranged, own = points[order], truth[order]
        clusterer = birchlog.Clusterer(DIMENSION, memory=16 << 20)
        start = time.process_time()
        clusterer.insert(arranged).finish()
        spent = time.process_time() - start
        found = clusterer.statistics()
        # Entries: the sums of weights about each group's middle, and nothing between.
        features = clusterer.features()
        alone = 0
        for group in range(1, GROUPS + 1):
            middle = arranged[own == group].mean(0)
            near = numpy.linalg.norm(features["mean"] - middle, axis=1) < 4
            alone += abs(features["weight"][near].sum() - SIZE) < 1e-9
        counts = []
        for options in ({}, {"clusters": GROUPS + 1}):
            clusters = clusterer.cluster(**options)
            labels = clusters.predict(arranged[:: max(1, len(arranged) // 100_000)])[0]
            rare = clusters.predict(arranged[own > 0])[0]
            labels = numpy.concatenate([labels, rare])
            marks = numpy.concatenate([own[:: max(1, len(arranged) // 100_000)], own[own > 0]])
            counts.append((len(clusters), separate(labels, marks)))
        print(
            f"| {name} | {spent:.1f} | {found['rebuilds']} | {found['leaf_entries']:,} | {found['outliers']:,} | {found['peak_bytes'] / 2**20:.1f}"
            f" | {alone} | {counts[0][0]} | {counts[0][1]} | {counts[1][1]} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
