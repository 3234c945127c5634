#!/usr/bin/env python3
"""Eight shards merged beside one pass: do they give the same clusters?

    python3 benchmarks/clustering/shards.py --signatures FEATURES.npy [--shuffles 20] [--shards 8]

Signatures are float32 [units, dimension], as `birchlog inspect --features` writes them. Each shuffle deals them out anew. Printed: the adjusted Rand index
between the clusters of the merged shards and those of one pass over the same order; and, to tell what is due to merging, between those of one pass
and of one pass over the order before.
"""

import argparse

import common
import numpy


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--signatures", required=True)
    parser.add_argument("--shuffles", type=int, default=20)
    parser.add_argument("--shards", type=int, default=8)
    arguments = parser.parse_args()
    import birchlog
    from sklearn.metrics import adjusted_rand_score

    signatures = numpy.load(arguments.signatures)
    dimension = signatures.shape[1]

    def fit(points, threshold):
        return birchlog.Clusterer(dimension, memory=None, threshold=threshold).insert(points)

    print("| threshold | clusters by | merged and one pass, mean ARI | least | two orders of one pass, mean ARI | least | clusters, one pass | merged |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for threshold, name, options in (
        (None, "auto, average linkage", {}),
        (None, "11 clusters, average linkage", {"clusters": 11}),
        (None, "11 clusters, Ward", {"clusters": 11, "method": "ward"}),
        (None, "cut at 0.75, average linkage", {"cut": 0.75}),
        (0.05, "11 clusters, Ward", {"clusters": 11, "method": "ward"}),
        (0.05, "cut at 0.75, average linkage", {"cut": 0.75}),
    ):
        scores, orders, sizes = [], [], []
        before = None
        for seed in range(arguments.shuffles):
            points = signatures[numpy.random.default_rng(seed).permutation(len(signatures))]
            whole = fit(points, threshold).finish()
            parts = [fit(part, threshold) for part in numpy.array_split(points, arguments.shards)]
            merged = parts[0]
            for part in parts[1:]:
                merged.merge(part)
            merged.finish()
            one, other = whole.cluster(**options), merged.cluster(**options)
            labels = one.predict(signatures)[0]
            scores.append(adjusted_rand_score(labels, other.predict(signatures)[0]))
            if before is not None:
                orders.append(adjusted_rand_score(labels, before))
            before = labels
            sizes.append((len(one), len(other)))
        sizes = numpy.array(sizes)
        print(
            f"| {'derived' if threshold is None else threshold} | {name} | {numpy.mean(scores):.4f} | {min(scores):.4f}"
            f" | {numpy.mean(orders):.4f} | {min(orders):.4f} | {sizes[:, 0].min()} to {sizes[:, 0].max()} | {sizes[:, 1].min()} to {sizes[:, 1].max()} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
