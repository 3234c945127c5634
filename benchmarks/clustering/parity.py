#!/usr/bin/env python3
"""Agreement with the truth beside scikit-learn's Birch at the same settings: 20 seeds of each family.

    python3 benchmarks/clustering/parity.py [--seeds 20] [--signatures FEATURES.npy --sessions FILE.seq --kinds kinds.csv]

Both: the same threshold, branching 50, Ward's linkage, the true number of clusters. "same settings" is what scikit-learn does: no bound on the reach, no
merging refinement, and every entry counts the same in Ward's linkage, however many points it has. "points weigh" and "default" weigh entries by their points,
without and with a bound on the reach. Signatures, float32 [units, dimension] as `birchlog inspect --features` writes them for the sessions, are shuffled by
each seed; kinds.csv holds id,kind.
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
    print("| family | threshold | entries, both | scikit-learn | same settings | worst difference | points weigh | default | worst difference |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, make, threshold in families:
        scores, entries = [], []
        for seed in range(arguments.seeds):
            points, truth = make(seed)
            count = len(set(truth))
            peer = Birch(threshold=threshold, n_clusters=count).fit(points)
            row = [adjusted_rand_score(truth, peer.labels_)]
            entries.append([len(peer.subcluster_centers_)])
            for reach, weights in ((None, "one"), (None, "count"), (2, "count")):
                clusterer = birchlog.Clusterer(
                    points.shape[1], threshold=threshold, memory=None, reach=reach, merging_refinement=weights != "one"
                )
                clusters = clusterer.insert(points).cluster(method="ward", clusters=count, entry_weights=weights)
                if weights == "one":
                    entries[-1].append(clusterer.finish().statistics()["leaf_entries"])
                row.append(adjusted_rand_score(truth, clusters.predict(points)[0]))
            scores.append(row)
        scores = numpy.array(scores)
        mean = scores.mean(0)
        worst = (scores - scores[:, :1]).min(0)
        peer, own = numpy.mean(entries, 0)
        print(
            f"| {name} | {threshold} | {peer:,.0f}, {own:,.0f} | {mean[0]:.4f} | {mean[1]:.4f} | {worst[1]:+.4f}"
            f" | {mean[2]:.4f} | {mean[3]:.4f} | {worst[3]:+.4f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
