#!/usr/bin/env python3
"""The sequence engine beside PyTorch eager and ONNX Runtime, both sides in turn in one run.

    make stage && python3 benchmarks/sequence/speed.py [--only dense stage1 classifier cold stream warm process] [--runs 5] [--model MODEL]

Needs PyTorch, onnx and onnxruntime. `stage1`, `stream`, `warm` and `process` read HDFS sessions from the folder that BIRCHLOG_DATA
names; the last three use a model that was trained on them (`birchlog train`), named by --model.

Networks have the paper's sizes: embedding 32, two LSTM layers of 128, windows of 10, 32 tokens, 2 threads on both sides. Our
side is an executable that calls the module the library is made of; `stream`, `warm` and `process` go through the C ABI. Dense windows
are random: none repeats, but some begin alike, which our side computes once; the column on the right says what share of the
steps it computed, and the share of the machine's peak counts these alone. 3.94 MFLOP a window forward, thrice that in training.
"""

import argparse
import ctypes
import os
import statistics
import subprocess
import sys
import time

import common
import numpy
import peers

FORWARD = 2 * (512 * 128 * 9 + 512 * 128 * 10 + 512 * 128 * 9)  # multiply-adds of one window, twice: layer 1 looks its input up
FEATURES, KINDS = 40, 12
THREADS = int(os.environ["OMP_NUM_THREADS"])
table = common.Table()


def turns(runs, ours, theirs):
    """Seconds of both sides, taking turns; a first turn of each warms up."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(runs)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def peak(folder):
    program = folder / "peak"
    subprocess.run(["cc", "-O3", "-march=native", "-pthread", common.HERE / "peak.c", "-o", program], check=True)
    return statistics.median(float(subprocess.run([program, str(THREADS)], stdout=subprocess.PIPE, check=True).stdout) for _ in range(5))


def rates(work, target, count, seconds, tokens, batch, flops, limit):
    share = common.computed_share(tokens, batch)
    ours, theirs = ([count / value for value in side] for side in seconds)
    used = statistics.median(ours) * flops * share / 1e9 / limit
    table.row(
        work, common.spread(ours), common.spread(theirs), target, "windows/s",
        statistics.median(ours) / statistics.median(theirs), f"{share:.0%} of the steps computed, {used:.0%} of peak")


def dense(engine, runs, limit):
    for batch, count in ((256, 8192), (2048, 16384)):
        tokens, targets = common.dense(count)
        engine.windows(tokens)
        path = engine.file("targets", targets)
        seconds = turns(
            runs, lambda: engine.ask("train", path, batch)[0], lambda: peers.train(tokens, targets, batch, common.VOCABULARY))
        rates(f"training, dense, batch {batch}", "2.4, 60 % of peak", count, seconds, tokens, batch, 3 * FORWARD, limit)
    for batch, count, target in ((64, 8192, "1.45, 80 % of peak"), (4096, 32768, "1.75, 80 % of peak")):
        tokens, _ = common.dense(count)
        engine.windows(tokens)
        seconds = turns(
            runs, lambda: engine.ask("infer", batch)[0], lambda: peers.infer(tokens, batch, common.VOCABULARY))
        rates(f"base inference, dense, batch {batch}", target, count, seconds, tokens, batch, FORWARD, limit)


def classifier(engine, runs, limit, runtime):
    tokens, _ = common.dense(16384)
    engine.windows(tokens)
    seconds = turns(
        runs, lambda: engine.ask("classify", 4096, FEATURES, KINDS)[0],
        lambda: peers.classify_onnx(runtime, tokens, 4096, FEATURES))
    rates("full classification, dense, batch 4096, beside ONNX Runtime", "2", len(tokens), seconds, tokens, 4096, FORWARD, limit)


def cold(engine, runs, runtime):
    tokens, _ = common.dense(2000)
    engine.windows(tokens)
    ours, theirs = turns(
        runs, lambda: engine.ask("cold", len(tokens), FEATURES, KINDS), lambda: peers.cold_onnx(runtime, tokens, FEATURES))
    for index, name in enumerate(("p50", "p99")):
        mine, other = ([run[index] for run in side] for side in (ours, theirs))
        table.row(
            f"one cold window, {name}, beside ONNX Runtime", common.spread(mine), common.spread(other), "2.5", "µs",
            statistics.median(other) / statistics.median(mine))


def stage1(engine, runs, folder, arguments):
    whole = list(common.sessions(folder / "hdfs" / "normal.seq"))
    (training, validation), vocabulary = common.hdfs_windows([whole[: len(whole) * 7 // 10], whole[len(whole) * 7 // 10 :]])
    engine.windows(training[0], vocabulary)
    paths = [
        engine.file(f"part{index}", array)
        for index, array in enumerate([training[1], training[2], validation[0], validation[1], validation[2]])]
    ours, best = [], []
    for seed in range(runs):
        curve = engine.ask("stage1", *paths, arguments.batch, arguments.epochs, arguments.rate, seed)
        ours.append(list(zip(curve[::2], curve[1::2])))
        best.append(min(curve[1::2]))
    goal = max(best) * 1.005
    mine = [next(seconds for seconds, loss in curve if loss <= goal) for curve in ours]
    for weighted, name in ((False, "all windows"), (True, "distinct weighted windows")):
        sides = {}
        for batch, rate in arguments.peers:
            times, lowest = [], []
            for seed in range(runs if not weighted else 1):
                curve = peers.stage1(training, validation, batch, arguments.peer_epochs, rate, seed, vocabulary, weighted, goal)
                lowest.append(min(loss for _, loss in curve))
                times.append(curve[-1][0] if curve[-1][1] <= goal else float("inf"))
            sides[batch, rate] = times
            print(f"    PyTorch, {name}, batch {batch}, rate {rate}: {times} s, loss {lowest}", file=sys.stderr, flush=True)
        setting = min(sides, key=lambda key: statistics.median(sides[key]))
        theirs = sides[setting]
        reached = statistics.median(theirs) < float("inf")
        show = lambda values: f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"  # noqa: E731
        table.row(
            f"stage 1 on HDFS to a validation loss of {goal:.4f}, beside PyTorch on {name}", show(mine),
            show(theirs) if reached else "not reached", "15" if not weighted else "reported", "s",
            statistics.median(theirs) / statistics.median(mine) if reached else None,
            f"{int(training[2].sum())} windows, {len(training[2])} distinct; PyTorch's best batch {setting[0]}, {len(theirs)} runs")


def library():
    return ctypes.CDLL(str(common.LIBRARY))


def stream(runs, folder, model_path):
    birchlog = library()
    model = ctypes.c_void_p()
    if birchlog.birchlog_model_load(str(model_path).encode(), ctypes.byref(model)) != 0:
        sys.exit("the model cannot be loaded")
    every = list(common.sessions(folder / "hdfs" / "normal.seq")) + list(common.sessions(folder / "hdfs" / "abnormal.seq"))
    events = numpy.concatenate([run for _, run in every]).astype(numpy.int32)
    offsets = numpy.cumsum([0] + [len(run) for _, run in every]).astype(numpy.uint64)
    pointer = lambda array: array.ctypes.data_as(ctypes.c_void_p)  # noqa: E731

    def ours():
        findings = ctypes.c_void_p()
        start = time.perf_counter()
        status = birchlog.birchlog_classify_sessions(
            model, pointer(events), pointer(offsets), ctypes.c_size_t(len(every)), ctypes.byref(findings))
        seconds = time.perf_counter() - start
        assert status == 0
        birchlog.birchlog_findings_free(findings)
        return seconds

    paths = (ctypes.c_char_p * 2)(*(str(folder / "hdfs" / name).encode() for name in ("normal.seq", "abnormal.seq")))
    take = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p)(lambda findings, context: 0)
    options = b'{"format": "sequences", "threads": %d}' % THREADS

    def files():
        handle = ctypes.c_void_p()
        start = time.perf_counter()
        assert birchlog.birchlog_stream_create(model, options, ctypes.byref(handle)) == 0
        assert birchlog.birchlog_stream_files(handle, paths, ctypes.c_size_t(2), take, None) == 0
        seconds = time.perf_counter() - start
        birchlog.birchlog_stream_free(handle)
        return seconds

    token = {event: index + 1 for index, event in enumerate(sorted(set(events.tolist())))}
    rows = []
    for _, run in every:
        line = [0] * common.LENGTH + [token[event] for event in run]
        rows += [line[at - common.LENGTH : at] for at in range(common.LENGTH, len(line) + 1)]
    tokens = numpy.array(rows, dtype=numpy.int32)
    seconds = lambda values: f"{statistics.median(values):.3f} ({min(values):.3f}–{max(values):.3f})"  # noqa: E731
    for side, name in ((files, f"read from files, {THREADS} threads"), (ours, "as arrays, one thread")):
        mine, theirs = turns(runs, side, lambda: peers.classify(tokens, 2048, len(token) + 2, FEATURES, KINDS))
        table.row(
            f"all HDFS sessions {name}, start to end, beside PyTorch eager on their windows", seconds(mine), seconds(theirs), "100",
            "s", statistics.median(theirs) / statistics.median(mine), f"{len(every)} sessions, {len(tokens)} windows")


def compiled(folder, name):
    program = folder / name
    subprocess.run(["cc", "-O2", common.HERE / f"{name}.c", "-ldl", "-o", program], check=True)
    return program


def warm(runs, scratch, folder, model_path):
    command = [compiled(scratch, "warm"), common.LIBRARY, model_path]
    command += [folder / "hdfs" / "normal.seq", folder / "hdfs" / "abnormal.seq"]
    rows = [subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout.split() for _ in range(runs)]
    sessions, windows = ([float(value) for value in column] for column in zip(*rows))
    show = lambda values: f"{statistics.median(values):.3f} ({min(values):.3f}–{max(values):.3f})"  # noqa: E731
    table.row("one warm window of the HDFS stream, p50", show(windows), "", "≤ 1", "µs", None, f"a session whose verdict is remembered: {show(sessions)} µs")


def process(runs, folder, model_path):
    program = compiled(folder, "host")
    rows = []
    for _ in range(runs):
        output = subprocess.run([program, common.LIBRARY, model_path, "10"], stdout=subprocess.PIPE, check=True, text=True).stdout
        rows.append([float(word) for word in output.split()])
    middle = [statistics.median(column) for column in zip(*rows)]
    table.row("loading the library", f"{middle[0]:.2f}", "", "≤ 5", "ms")
    table.row("loading the model", f"{middle[1]:.2f}", "", "", "ms")
    table.row("RSS of a C program that loaded a model and classified", f"{middle[4]:.1f}", "", "≤ 25", "MB", None, f"{middle[2]:.1f} before, {middle[3]:.1f} with the model loaded")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", default=["dense", "classifier", "cold", "stage1", "stream", "warm", "process"])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--model", help="a model trained on HDFS")
    parser.add_argument("--batch", type=int, default=256, help="stage 1: our batch size")
    parser.add_argument("--epochs", type=int, default=30, help="stage 1: our epochs")
    parser.add_argument("--rate", type=float, default=0.003, help="stage 1: our learning rate")
    parser.add_argument("--peer-epochs", type=int, default=6)
    parser.add_argument("--peers", nargs="+", default=["256:0.003", "1024:0.005"], help="stage 1: batch:rate of PyTorch")
    arguments = parser.parse_args()
    arguments.peers = [(int(batch), float(rate)) for batch, rate in (peer.split(":") for peer in arguments.peers)]
    needs_data = {"stage1", "stream", "warm", "process"} & set(arguments.only)
    data = os.environ.get("BIRCHLOG_DATA")
    if needs_data and not data:
        sys.exit(f"BIRCHLOG_DATA must name a folder with HDFS data for {', '.join(sorted(needs_data))}")
    if {"stream", "warm", "process"} & set(arguments.only) and not arguments.model:
        sys.exit("--model must name a model trained on HDFS for stream, warm and process")
    folder = common.pathlib.Path(data) if data else None
    engine = common.Engine(THREADS)
    scratch = common.pathlib.Path(engine.folder.name)
    limit = peak(scratch)
    print(f"{engine.instruction_set}, {THREADS} threads, peak {limit:.0f} GFLOP/s, medians of {arguments.runs} runs (smallest–largest)\n")
    runtime = None
    if {"classifier", "cold"} & set(arguments.only):
        runtime = peers.session(common.VOCABULARY, FEATURES, KINDS, str(scratch / "classifier.onnx"))
    for part in arguments.only:
        if part == "dense":
            dense(engine, arguments.runs, limit)
        elif part == "classifier":
            classifier(engine, arguments.runs, limit, runtime)
        elif part == "cold":
            cold(engine, arguments.runs, runtime)
        elif part == "stage1":
            stage1(engine, arguments.runs, folder, arguments)
        elif part == "stream":
            stream(arguments.runs, folder, arguments.model)
        elif part == "warm":
            warm(arguments.runs, scratch, folder, arguments.model)
        elif part == "process":
            process(arguments.runs, scratch, arguments.model)


if __name__ == "__main__":
    main()
