#!/usr/bin/env python3
"""Fit and predict beside scikit-learn's Birch, one thread each, in one run.

    python3 benchmarks/clustering/speed.py [--counts 100000 300000 1000000] [--dimension 128]

Times are processor time, so that other work on the machine counts little. Same points (float32), threshold 0.5 and branching 50, no bound on the
reach of an entry unless --reach is given. "tree" is the tree alone; "full" is what scikit-learn's fit does by default with a given number of
clusters: the tree, Ward's linkage of its entries into 50 clusters, and a label for every point; Birchlog's labels by exact search and by descent. Each side
runs in a process of its own, which reports its times and by how much its memory grew at most during the full fit. Exact prediction is compared on the
entries each side found.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time

import common


def measure(side, count, arguments):
    points, _ = common.directions(count, arguments.dimension, arguments.centres, arguments.noise, 1)
    asked = points[: arguments.predict]
    result = {}
    if side == "birchlog":
        import birchlog

        common.reset_peak()
        before = common.megabytes("VmRSS")
        start = time.process_time()
        clusterer = birchlog.Clusterer(
            arguments.dimension, threshold=0.5, branching=50, memory=None, reach=2 if arguments.reach else None
        )
        clusterer.insert(points).finish()
        result["tree"] = time.process_time() - start
        # The work that scikit-learn does: no curve, no stability.
        start = time.process_time()
        clusters = clusterer.cluster(method="ward", clusters=50, shuffles=0, max_clusters=1)
        grouped = result["tree"] + time.process_time() - start
        for search in ("descent", "exact"):
            start = time.process_time()
            clusters.predict(points, search=search)
            result["full " + search] = grouped + time.process_time() - start
        result["memory"] = common.megabytes("VmHWM") - before
        result["entries"] = clusterer.statistics()["leaf_entries"]
        exact = None
        for search in ("exact", "descent"):
            times = []
            for _ in range(3):
                start = time.process_time()
                _, distances = clusters.predict(asked, search=search)
                times.append(time.process_time() - start)
            result[search] = statistics.median(times)
            if exact is None:
                exact = distances
        result["agreement"] = float((distances == exact).mean())
    else:
        from sklearn.cluster import Birch

        start = time.process_time()
        model = Birch(threshold=0.5, branching_factor=50, n_clusters=None, compute_labels=False).fit(points)
        result["tree"] = time.process_time() - start
        del model
        common.reset_peak()
        before = common.megabytes("VmRSS")
        start = time.process_time()
        model = Birch(threshold=0.5, branching_factor=50, n_clusters=50).fit(points)
        result["full"] = time.process_time() - start
        result["memory"] = common.megabytes("VmHWM") - before
        result["entries"] = len(model.subcluster_centers_)
        start = time.process_time()
        model.predict(asked)
        result["exact"] = time.process_time() - start
    print(json.dumps(result))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[100_000, 300_000, 1_000_000])
    parser.add_argument("--dimension", type=int, default=128)
    parser.add_argument("--centres", type=int, default=3000)
    parser.add_argument("--noise", type=float, default=0.2)
    parser.add_argument("--predict", type=int, default=50_000, help="points to predict")
    parser.add_argument("--reach", action="store_true", help="with Birchlog's default bound on the reach, which scikit-learn has not")
    parser.add_argument("--side", choices=["birchlog", "scikit-learn"])
    arguments = parser.parse_args()
    if arguments.side:
        measure(arguments.side, arguments.counts[0], arguments)
        return
    print(f"{arguments.dimension} columns, {arguments.centres} centres, noise {arguments.noise}; seconds, megabytes, microseconds a point")
    print("| points | | entries | tree | full, labels by descent | full, exact labels | memory, full | predict, exact | by descent | same answers |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for count in arguments.counts:
        found = {}
        for side in ("scikit-learn", "birchlog"):
            command = [sys.executable, __file__, "--side", side, "--counts", str(count)]
            for name in ("dimension", "centres", "noise", "predict"):
                command += [f"--{name}", str(getattr(arguments, name))]
            command += ["--reach"] * arguments.reach
            found[side] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        peer, own = found["scikit-learn"], found["birchlog"]
        each = 1e6 / min(count, arguments.predict)
        print(
            f"| {count:,} | scikit-learn | {peer['entries']:,} | {peer['tree']:.2f} | | {peer['full']:.2f} | {peer['memory']:.0f} | {peer['exact'] * each:.1f} | | |"
        )
        print(
            f"| | Birchlog | {own['entries']:,} | {own['tree']:.2f} | {own['full descent']:.2f} | {own['full exact']:.2f} | {own['memory']:.0f}"
            f" | {own['exact'] * each:.1f} | {own['descent'] * each:.1f} | {own['agreement']:.2%} |"
        )
        print(
            f"| | times as fast | | {peer['tree'] / own['tree']:.1f} | {peer['full'] / own['full descent']:.1f} | {peer['full'] / own['full exact']:.1f} |"
            f" | {peer['exact'] / own['exact']:.1f} | {peer['exact'] / own['descent']:.1f} | |",
            flush=True,
        )


if __name__ == "__main__":
    main()
