#!/usr/bin/env python3
"""Trains with several seeds, defaults otherwise, and prints mean and spread of what `birchlog eval` measures.

    python3 scripts/evaluate_seeds.py --normal splits/train_normal.seq --mixed splits/abnormal.seq --truth splits/truth.csv \\
        --score splits/test_normal.seq --score splits/abnormal.seq --join a,b --out runs

Models and evaluations stay in the folder `--out`; what lies there already is not made again. Options behind `--` go to `birchlog train`.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import statistics
import subprocess
from typing import Dict, List

DETECTION = ["precision", "recall", "f1", "false_positive_rate", "auc"]
KINDS = ["ari", "nmi", "macro_f1_majority", "macro_f1_one_to_one", "found"]


def figures(evaluation: dict) -> Dict[str, float]:
    rows = {f"detection {name}": evaluation["detection"][name] for name in DETECTION}
    groups = {"kinds": evaluation["kinds"], "kinds, distinct": evaluation["kinds"].get("distinct"), "kinds joined": evaluation["kinds"].get("joined")}
    for group, values in groups.items():
        rows.update({f"{group}: {name}": values[name] for name in KINDS if values and values.get(name) is not None})
    for point in evaluation.get("prefixes", {}).get("points", []):
        rows.update({f"first {point['share']:.0%}: {name}": point[name] for name in ["found", "agreement", "unknown", "calibration_error"]})
    return rows


def trained(model: dict) -> Dict[str, float]:
    rows = {}
    if model["training"]["set_aside_share"] is not None:
        rows["set aside"] = model["training"]["set_aside_share"]
    rows["promised rate, 95 % bound"] = model["threshold"]["upper_bound"]
    classifier = model.get("classifier") or {}
    if classifier.get("held_out"):
        rows["classifier, held out: balanced accuracy"] = classifier["balanced_accuracy"]
        rows["classifier, held out: calibration error"] = classifier["calibration"]["error"]
        rows["classifier, beginnings of held out: calibration error"] = classifier["calibration"]["beginnings_error"]
    return rows


def run(arguments: argparse.Namespace, seed: int) -> Dict[str, float]:
    model = arguments.out / f"{arguments.name}-{seed}.birchlog"
    command = [arguments.birchlog]
    templates = ["--templates", arguments.templates] if arguments.templates else []
    if not model.exists():
        normal = [part for path in arguments.normal for part in ("--normal", path)]
        subprocess.run(command + ["train", *normal, *arguments.mixed, *templates, "--seed", str(seed), "-o", str(model), *arguments.train], check=True, capture_output=True)
    asked = [part for kinds in arguments.join for part in ("--join", kinds)] + (["--prefixes"] if arguments.prefixes else [])
    output = subprocess.run(command + ["eval", "-m", str(model), "--truth", arguments.truth, "--json", *asked, *arguments.score], check=True, capture_output=True).stdout
    (arguments.out / f"{arguments.name}-{seed}.json").write_bytes(output)
    described = subprocess.run(command + ["inspect", "-m", str(model), "--json"], check=True, capture_output=True).stdout
    return {**figures(json.loads(output)), **trained(json.loads(described))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--birchlog", default="birchlog", help="the command")
    parser.add_argument("--normal", action="append", default=[], help="clean file to train on")
    parser.add_argument("--mixed", action="append", default=[], help="unlabelled file to train on")
    parser.add_argument("--score", action="append", required=True, help="file to classify and score")
    parser.add_argument("--truth", required=True)
    parser.add_argument("--templates")
    parser.add_argument("--join", action="append", default=[], metavar="KIND,KIND")
    parser.add_argument("--prefixes", action="store_true")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--name", default="seed", help="what the files in the folder begin with")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("train", nargs="*", help="options of `birchlog train`, behind --")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    runs: List[Dict[str, float]] = [run(arguments, seed) for seed in range(1, arguments.seeds + 1)]
    print("| figure | mean | deviation | lowest | highest |\n| --- | ---: | ---: | ---: | ---: |")
    for name in runs[0]:
        values = [row[name] for row in runs if name in row]
        deviation = statistics.stdev(values) if len(values) > 1 else 0
        print(f"| {name} | {statistics.mean(values):.4f} | {deviation:.4f} | {min(values):.4f} | {max(values):.4f} |")


if __name__ == "__main__":
    main()
