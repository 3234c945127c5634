#!/usr/bin/env python3
"""Fit and predict beside scikit-learn's Birch, one thread each, in one run.

    python3 benchmarks/clustering/speed.py [--counts 100000 300000 1000000] [--dimension 128]

Same points (float32), threshold 0.5 and branching 50, leaf entries only. Each fit runs in a process of its own, which reports its time and by how much
its peak memory grew. Exact prediction is compared on the leaf entries each side found.
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
        start = time.perf_counter()
        clusterer = birchlog.Clusterer(arguments.dimension, threshold=0.5, branching=50, memory=None)
        clusterer.insert(points).finish()
        result["fit"] = time.perf_counter() - start
        result["memory"] = common.megabytes("VmHWM") - before
        result["entries"] = clusterer.statistics()["leaf_entries"]
        clusters = clusterer.cluster(clusters=50, shuffles=0, max_clusters=1)
        exact = None
        for search in ("exact", "descent"):
            times = []
            for _ in range(3):
                start = time.perf_counter()
                _, distances = clusters.predict(asked, search=search)
                times.append(time.perf_counter() - start)
            result[search] = statistics.median(times)
            if exact is None:
                exact = distances
        result["agreement"] = float((distances == exact).mean())
    else:
        from sklearn.cluster import Birch

        common.reset_peak()
        before = common.megabytes("VmRSS")
        start = time.perf_counter()
        model = Birch(threshold=0.5, branching_factor=50, n_clusters=None).fit(points)
        result["fit"] = time.perf_counter() - start
        result["memory"] = common.megabytes("VmHWM") - before
        result["entries"] = len(model.subcluster_centers_)
        start = time.perf_counter()
        model.predict(asked)
        result["exact"] = time.perf_counter() - start
    print(json.dumps(result))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[100_000, 300_000, 1_000_000])
    parser.add_argument("--dimension", type=int, default=128)
    parser.add_argument("--centres", type=int, default=3000)
    parser.add_argument("--noise", type=float, default=0.2)
    parser.add_argument("--predict", type=int, default=50_000, help="points to predict")
    parser.add_argument("--side", choices=["birchlog", "scikit-learn"])
    arguments = parser.parse_args()
    if arguments.side:
        measure(arguments.side, arguments.counts[0], arguments)
        return
    print(f"{arguments.dimension} columns, {arguments.centres} centres, noise {arguments.noise}; seconds, megabytes, microseconds a point")
    print("| points | scikit-learn fit | Birchlog fit | times as fast | memory | | entries | | predict, exact | | times as fast | descent | times as fast | same answers |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for count in arguments.counts:
        found = {}
        for side in ("scikit-learn", "birchlog"):
            command = [sys.executable, __file__, "--side", side, "--counts", str(count)]
            for name in ("dimension", "centres", "noise", "predict"):
                command += [f"--{name}", str(getattr(arguments, name))]
            found[side] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        peer, own = found["scikit-learn"], found["birchlog"]
        each = 1e6 / min(count, arguments.predict)
        print(
            f"| {count:,} | {peer['fit']:.1f} | {own['fit']:.2f} | {peer['fit'] / own['fit']:.1f} | {peer['memory']:.0f} | {own['memory']:.0f}"
            f" | {peer['entries']:,} | {own['entries']:,} | {peer['exact'] * each:.1f} | {own['exact'] * each:.1f} | {peer['exact'] / own['exact']:.1f}"
            f" | {own['descent'] * each:.1f} | {peer['exact'] / own['descent']:.1f} | {own['agreement']:.2%} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
