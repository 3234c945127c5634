#!/usr/bin/env python3
"""Rounds the weights of a model's networks and counts the verdicts that change.

    python3 benchmarks/sequence/precision.py MODEL INPUT... [--birchlog COMMAND]

Matrices are rounded to bfloat16 (to nearest, ties to even), or to 8 bits with a scale a row; vectors stay. Arithmetic stays in single
precision. Needs numpy.
"""

import argparse
import json
import pathlib
import struct
import subprocess
import tempfile
import zlib

import numpy

PARTS = {"LSTM layers": ("base.lstm", "base.embedding", "classifier.lstm", "classifier.embedding"), "all layers": ("base.", "classifier.")}


def bfloat16(values):
    bits = values.view("<u4").astype(numpy.uint64)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000).astype("<u4").view("<f4")


def int8(values):
    scale = numpy.abs(values).max(axis=1, keepdims=True) / 127
    scale[scale == 0] = 1
    return (numpy.rint(values / scale) * scale).astype("<f4")


def rounded(data, parts, rule):
    """The model file with some of its matrices rounded, and its checksum renewed."""
    data = bytearray(data)
    start = 8 + struct.unpack("<Q", data[:8])[0]
    for name, tensor in json.loads(data[8:start]).items():
        if name == "__metadata__" or tensor["dtype"] != "F32" or len(tensor["shape"]) < 2 or not name.startswith(parts):
            continue
        first, last = (start + offset for offset in tensor["data_offsets"])
        data[first:last] = rule(numpy.frombuffer(bytes(data[first:last]), "<f4").reshape(tensor["shape"])).tobytes()
    place = data.index(b'"', data.index(b'"crc32"') + len(b'"crc32"')) + 1
    data[place : place + 8] = b"00000000"
    data[place : place + 8] = b"%08x" % zlib.crc32(bytes(data))
    return data


def verdicts(command, model, inputs):
    output = subprocess.run([command, "classify", "-m", str(model), "--json", *inputs], stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--birchlog", default="birchlog", help="the command")
    arguments = parser.parse_args()
    exact = verdicts(arguments.birchlog, arguments.model, arguments.inputs)
    print(f"{len(exact)} units\n\n| weights | of | verdicts changed | kinds changed | largest change of a score |\n| --- | --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "rounded.birchlog"
        for rule in (bfloat16, int8):
            for name, parts in PARTS.items():
                path.write_bytes(rounded(arguments.model.read_bytes(), parts, rule))
                pairs = list(zip(exact, verdicts(arguments.birchlog, path, arguments.inputs)))
                changed = [sum(before[key] != after[key] for before, after in pairs) for key in ("anomalous", "kind")]
                most = max(abs(before["score"] - after["score"]) for before, after in pairs)
                print(f"| {rule.__name__} | {name} | {changed[0]} | {changed[1]} | {most:.4f} |")


if __name__ == "__main__":
    main()
