#!/usr/bin/env python3
"""Time per point and memory from 10^4 to 10^7 points within a budget of 64 MB.

    python3 benchmarks/clustering/scale.py [--largest 10000000] [--dimension 128]

Default options but for the budget: no threshold is given, every point starts as an entry of its own, and the tree is rebuilt whenever it is full.
Points are made block by block; only their insertion is timed. "process" is by how much the memory of the whole process has grown.
"""

import argparse
import time

import common
import numpy

BLOCK = 10_000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=10_000_000)
    parser.add_argument("--dimension", type=int, default=128)
    parser.add_argument("--centres", type=int, default=3000)
    parser.add_argument("--noise", type=float, default=0.2)
    parser.add_argument("--megabytes", type=int, default=64)
    arguments = parser.parse_args()
    import birchlog

    random = numpy.random.default_rng(1)
    middle = random.standard_normal((arguments.centres, arguments.dimension), dtype=numpy.float32)
    middle /= numpy.linalg.norm(middle, axis=1, keepdims=True)

    def block():
        points = random.standard_normal((BLOCK, arguments.dimension), dtype=numpy.float32)
        points *= arguments.noise / arguments.dimension**0.5
        points += middle[random.integers(0, arguments.centres, BLOCK)]
        return points

    block()
    before = common.megabytes("VmRSS")
    clusterer = birchlog.Clusterer(arguments.dimension, memory=arguments.megabytes << 20)
    print(f"{arguments.dimension} columns, budget {arguments.megabytes} MB")
    print("| points | us a point, all | us a point, since the row above | rebuilds | threshold | entries | outliers | tree at most, MB | process, MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    spent, count, last_spent, last_count, mark = 0.0, 0, 0.0, 0, 10_000
    while count < arguments.largest:
        points = block()
        start = time.process_time()
        clusterer.insert(points)
        spent += time.process_time() - start
        count += BLOCK
        if count == mark:
            found = clusterer.statistics()
            print(
                f"| {count:,} | {spent / count * 1e6:.2f} | {(spent - last_spent) / (count - last_count) * 1e6:.2f} | {found['rebuilds']}"
                f" | {found['threshold']:.3f} | {found['leaf_entries']:,} | {found['outliers']:,} | {found['peak_bytes'] / 2**20:.1f}"
                f" | {common.megabytes('VmRSS') - before:.0f} |",
                flush=True,
            )
            last_spent, last_count, mark = spent, count, mark * 10
    start = time.process_time()
    clusterer.finish()
    print(f"finish: {time.process_time() - start:.2f} s; weight held: {clusterer.statistics()['weight']:,.0f}")


if __name__ == "__main__":
    main()
