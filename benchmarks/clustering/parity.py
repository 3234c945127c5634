#!/usr/bin/env python3
"""Agreement with the truth beside scikit-learn's Birch at the same settings: 20 seeds of each family.

    python3 benchmarks/clustering/parity.py [--seeds 20] [--signatures FEATURES.npy --sessions FILE.seq --kinds kinds.csv]

Both: the same threshold, branching 50, Ward's linkage, the true number of clusters; "Birchlog, default" has its bounded reach, "1996" has not. Signatures,
float32 [units, dimension] as `birchlog inspect --features` writes them for the sessions, are shuffled by each seed; kinds.csv holds id,kind.
"""

import argparse

import common
import numpy


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--signatures")
    parser.add_argument("--sessions")
    parser.add_argument("--kinds")
    arguments = parser.parse_args()
    import birchlog
    from sklearn.cluster import Birch
    from sklearn.metrics import adjusted_rand_score

    families = [
        ("blobs, 16 columns, 30 clusters", common.blobs, 0.5),
        ("grid (DS1), 100 clusters", common.grid, 0.5),
        ("sine (DS2), 100 clusters", common.sine, 0.5),
        ("stretched blobs, 8 columns, 20 clusters", common.anisotropic, 0.5),
    ]
    if arguments.signatures:
        signatures = numpy.load(arguments.signatures)
        with open(arguments.kinds) as file:
            kind = dict(line.strip().split(",")[:2] for line in file)
        with open(arguments.sessions) as file:
            kinds = numpy.unique([kind[line.split(",")[0]] for line in file], return_inverse=True)[1]

        def shuffled(seed):
            order = numpy.random.default_rng(seed).permutation(len(signatures))
            return signatures[order], kinds[order]

        for threshold in (0.2, 0.1, 0.05):
            families.append((f"HDFS signatures, {len(set(kinds))} kinds", shuffled, threshold))
    print("| family | threshold | scikit-learn | Birchlog, 1996 | Birchlog, default | worst difference of the default |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, make, threshold in families:
        scores = []
        for seed in range(arguments.seeds):
            points, truth = make(seed)
            count = len(set(truth))
            row = [adjusted_rand_score(truth, Birch(threshold=threshold, n_clusters=count).fit_predict(points))]
            for reach in (None, 2):
                clusterer = birchlog.Clusterer(points.shape[1], threshold=threshold, memory=None, reach=reach)
                clusters = clusterer.insert(points).cluster(method="ward", clusters=count)
                row.append(adjusted_rand_score(truth, clusters.predict(points)[0]))
            scores.append(row)
        scores = numpy.array(scores)
        mean = scores.mean(0)
        print(
            f"| {name} | {threshold} | {mean[0]:.4f} | {mean[1]:.4f} | {mean[2]:.4f} | {(scores[:, 2] - scores[:, 0]).min():+.4f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
