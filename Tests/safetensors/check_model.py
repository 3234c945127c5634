#!/usr/bin/env python3
"""Opens a model file with the safetensors package and checks what docs/formats.md promises about it.

    python3 check_model.py MODEL

Needs `safetensors` and `numpy`. Ends with 0 when all is well, with 1 and a sentence when a promise is broken.
"""

from __future__ import annotations

import json
import re
import struct
import sys
import zlib
from typing import Any, Dict, List, Tuple

import numpy
from safetensors import safe_open

METADATA_KEYS = ("format", "format_version", "options", "unit", "threshold", "lines", "kinds", "training", "crc32")


class Broken(Exception):
    """A promise about the file does not hold."""


def expect(condition: bool, sentence: str) -> None:
    if not condition:
        raise Broken(sentence)


def header_of(data: bytes) -> Tuple[Dict[str, Any], int]:
    """The JSON header and where the tensors begin."""
    (length,) = struct.unpack("<Q", data[:8])
    expect(8 + length <= len(data), "the header is longer than the file")
    expect((8 + length) % 8 == 0, "tensors do not begin at a multiple of 8 bytes")
    header: Dict[str, Any] = json.loads(data[8 : 8 + length])
    return header, 8 + length


def check_container(data: bytes) -> None:
    """Tensors without gaps, nothing behind the last, and the checksum over the file with its own digits as zeros."""
    header, start = header_of(data)
    spans: List[Tuple[int, int]] = sorted(
        tuple(entry["data_offsets"]) for name, entry in header.items() if name != "__metadata__"
    )
    end = 0
    for first, last in spans:
        expect(first == end, f"there is a gap before the tensor at offset {first}")
        end = last
    expect(start + end == len(data), "bytes follow the last tensor")

    found = re.search(rb'"crc32":"([0-9a-f]{8})"', data[8:start])
    expect(found is not None, "the metadata have no crc32 of eight hex digits")
    assert found is not None
    place = 8 + found.start(1)
    blank = data[:place] + b"00000000" + data[place + 8 :]
    expect(f"{zlib.crc32(blank):08x}" == found.group(1).decode(), "crc32 does not fit the file")


def check_network(shapes: Dict[str, Tuple[int, ...]], prefix: str, hidden: int, layers: int, classes: int) -> None:
    """The LSTM's tensors have PyTorch's names and shapes."""
    below = shapes.get(f"{prefix}.lstm.weight_ih_l0", (0, 0))[1]
    for layer in range(layers):
        expected = {
            f"weight_ih_l{layer}": (4 * hidden, below if layer == 0 else hidden),
            f"weight_hh_l{layer}": (4 * hidden, hidden),
            f"bias_ih_l{layer}": (4 * hidden,),
            f"bias_hh_l{layer}": (4 * hidden,),
        }
        for name, shape in expected.items():
            found = shapes.get(f"{prefix}.lstm.{name}")
            expect(found == shape, f"{prefix}.lstm.{name} has shape {found}, not {shape}")
    expect(below in (1, classes) or f"{prefix}.embedding.weight" in shapes, f"{prefix} has no input that fits its LSTM")


def check_tensors(path: str) -> None:
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
        shapes = {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}
        for name in file.keys():
            tensor = file.get_tensor(name)
            if tensor.dtype.kind == "f":
                expect(bool(numpy.isfinite(tensor).all()), f"{name} holds a value that is not finite")
    for key in METADATA_KEYS:
        expect(key in metadata, f"the metadata have no {key}")
    expect(metadata["format"] == "birchlog", "the format is not birchlog")
    expect(metadata["format_version"] == "1", f"the format version is {metadata['format_version']}")
    options = json.loads(metadata["options"])
    kinds = json.loads(metadata["kinds"])
    for key in ("threshold", "lines", "training"):
        expect(isinstance(json.loads(metadata[key]), dict), f"{key} is no JSON object")

    hidden, layers = options["hidden_size"], options["layers"]
    classes = shapes["base.classifier.weight"][0]
    expect(shapes["base.classifier.weight"] == (classes, hidden), "base.classifier.weight has another shape")
    check_network(shapes, "base", hidden, layers, classes)
    expect(shapes["kinds.centroids"][0] == len(kinds), "kinds and their centroids differ in number")
    if any(name.startswith("classifier.") for name in shapes):
        if options["encoder"] == "own":
            check_network(shapes, "classifier", hidden, layers, classes)
        else:
            expect(not any(name.startswith("classifier.lstm.") for name in shapes), "a shared encoder is there twice")
        expect(shapes["classifier.anomaly_head.2.weight"] == (len(kinds), hidden // 2), "the anomaly head does not fit the kinds")
        expect(shapes["classifier.sequence_head.2.weight"] == (classes, hidden // 2), "the sequence head does not fit the events")
        attention = "classifier.attention.in_proj_weight" in shapes
        expect(attention == (options["attention_heads"] > 0), "attention is there or missing against the options")


def main() -> int:
    if len(sys.argv) != 2:
        print("usage: check_model.py MODEL", file=sys.stderr)
        return 2
    path = sys.argv[1]
    try:
        with open(path, "rb") as file:
            check_container(file.read())
        check_tensors(path)
    except (Broken, KeyError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
