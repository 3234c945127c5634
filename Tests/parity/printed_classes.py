#!/usr/bin/env python3
"""Holds the library's networks against the two PyTorch classes as the paper prints them.

    BIRCHLOG_LIBRARY=…/libbirchlog.so python3 printed_classes.py [MODEL]

MODEL is a model that was trained with the preset "paper"; without it a small one is trained first. The classes get the
model file's tensors by `load_state_dict` and must agree with the library on random windows, to 1e-5: hidden states, the
probabilities of the next event and of kinds, and attention. Needs `torch`, `numpy` and the Python binding; without torch it says so and ends with 0.
"""

from __future__ import annotations

import json
import pathlib
import random
import struct
import sys
import tempfile
from typing import Any, Dict, List, Tuple

try:
    import numpy
    import torch
    from torch import nn
except ImportError as error:
    print(f"skipped: {error}; install torch and numpy to compare with PyTorch", file=sys.stderr)
    sys.exit(0)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "bindings" / "python"))

from birchlog import Finding, Model, Trainer  # noqa: E402

TOLERANCE = 1e-5
WINDOWS = 200


class BaseDeepLogModel(nn.Module):
    """Section 3.2 of the paper."""

    def __init__(self, num_event_types, hidden_size=128):
        super().__init__()
        self.lstm = nn.LSTM(
            input_size=1,
            hidden_size=hidden_size,
            num_layers=2,
            batch_first=True,
            dropout=0.2,
        )
        self.classifier = nn.Linear(hidden_size, num_event_types)

    def forward(self, x):
        x = x.unsqueeze(-1).float()
        lstm_out, _ = self.lstm(x)
        last_output = lstm_out[:, -1, :]
        predictions = self.classifier(last_output)
        return predictions


class EnhancedDeepLogModel(nn.Module):
    """Section 3.5 of the paper."""

    def __init__(self, config, num_event_types, num_anomaly_types, feature_dim):
        super().__init__()
        self.lstm = nn.LSTM(
            input_size=1,
            hidden_size=config["lstm_hidden_size"],
            num_layers=config["lstm_num_layers"],
            batch_first=True,
            dropout=config["lstm_dropout"],
        )
        if config["use_attention"]:
            self.attention = nn.MultiheadAttention(
                embed_dim=config["lstm_hidden_size"],
                num_heads=config["attention_heads"],
                batch_first=True,
            )
        self.sequence_head = nn.Sequential(
            nn.Linear(config["lstm_hidden_size"], config["lstm_hidden_size"] // 2),
            nn.ReLU(),
            nn.Linear(config["lstm_hidden_size"] // 2, num_event_types),
        )
        self.anomaly_head = nn.Sequential(
            nn.Linear(config["lstm_hidden_size"] + feature_dim, config["lstm_hidden_size"] // 2),
            nn.ReLU(),
            nn.Linear(config["lstm_hidden_size"] // 2, num_anomaly_types),
        )

    def forward(self, x_seq, x_feat):
        x_seq = x_seq.unsqueeze(-1)
        lstm_out, _ = self.lstm(x_seq)
        if hasattr(self, "attention"):
            attn_out, _ = self.attention(lstm_out, lstm_out, lstm_out)
            sequence_features = attn_out[:, -1, :]
        else:
            sequence_features = lstm_out[:, -1, :]
        sequence_pred = self.sequence_head(sequence_features)
        combined_features = torch.cat([sequence_features, x_feat], dim=1)
        anomaly_pred = self.anomaly_head(combined_features)
        return sequence_pred, anomaly_pred


class ModelFile:
    """Metadata and tensors of a model file, read without the library."""

    TYPES = {"F32": numpy.float32, "F64": numpy.float64, "I32": numpy.int32, "I64": numpy.int64, "U8": numpy.uint8}

    def __init__(self, path: pathlib.Path) -> None:
        data = path.read_bytes()
        (length,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8 : 8 + length])
        self.metadata: Dict[str, str] = header.pop("__metadata__")
        self.tensors: Dict[str, Any] = {}
        for name, entry in header.items():
            first, last = (8 + length + offset for offset in entry["data_offsets"])
            values = numpy.frombuffer(data[first:last], dtype=self.TYPES[entry["dtype"]])
            self.tensors[name] = values.reshape(entry["shape"])

    def state(self, prefix: str) -> Dict[str, Any]:
        """The state dictionary of a network; the consistency term's layers are no part of the printed classes."""
        return {
            name[len(prefix) :]: torch.from_numpy(values.copy())
            for name, values in self.tensors.items()
            if name.startswith(prefix) and not name.startswith(prefix + "consistency.")
        }


def train_small(path: pathlib.Path) -> None:
    """A model of the preset on sessions that need no data: runs of twenty events with a few jumps."""
    draw = random.Random(1)

    def session(jumps: float) -> List[int]:
        event, events = draw.randrange(20), []
        for _ in range(30):
            event = draw.randrange(20) if draw.random() < jumps else (event + 1) % 20
            events.append(event)
        return events

    with Trainer(preset="paper", epochs=4, threads=1) as trainer:
        trainer.add_sessions([session(0.05) for _ in range(200)], role="normal")
        trainer.add_sessions([session(0.6) for _ in range(100)])
        with trainer.run() as model:
            model.save(path)


def random_windows(known: List[int], length: int) -> Tuple[List[List[int]], List[int]]:
    """Different windows of events that normal behaviour showed, and an event after each."""
    draw = random.Random(2)
    windows = {tuple(draw.choice(known) for _ in range(length)) for _ in range(WINDOWS)}
    ordered = [list(window) for window in sorted(windows)]
    return ordered, [draw.choice(known) for _ in ordered]


def features_of(model: Model, sessions: List[List[int]]) -> Any:
    """What `inspect` exports for sessions that are one window each."""
    with tempfile.TemporaryDirectory() as folder:
        input_path, output_path = pathlib.Path(folder) / "windows.seq", pathlib.Path(folder) / "features.npy"
        input_path.write_text("".join(f"{index}," + " ".join(map(str, events)) + "\n" for index, events in enumerate(sessions)))
        model.inspect([input_path], features=output_path)
        return numpy.load(output_path)


def one_each(findings: List[Finding], count: int) -> List[Finding]:
    if len(findings) != count:
        raise SystemExit(f"{count} windows gave {len(findings)} findings")
    return findings


def report(what: str, difference: float, count: int) -> bool:
    fine = difference <= TOLERANCE and count > 0
    print(f"{what}: largest difference {difference:.1e} over {count} values" + ("" if fine else "  FAILED"))
    return fine


def compare_base(file: ModelFile, model: Model, windows: List[List[int]], following: List[int], tokens: Any, token_of: Dict[int, int]) -> bool:
    """Stage 1: h_T, and the probabilities of the next event in the evidence of windows that are anomalous."""
    state = file.state("base.")
    network = BaseDeepLogModel(state["classifier.weight"].shape[0], state["classifier.weight"].shape[1]).eval()
    network.load_state_dict(state)
    with torch.no_grad():
        _, (hidden, _) = network.lstm(tokens.unsqueeze(-1).float())
        probabilities = torch.softmax(network(tokens), dim=1).numpy()
    sessions = [window + [event] for window, event in zip(windows, following)]
    features = features_of(model, sessions)
    fine = report("hidden states h_T", float(numpy.abs(features - hidden[-1].numpy()).max()), features.size)
    differences = []
    for row, finding in enumerate(one_each(model.classify_sessions(sessions), len(sessions))):
        for item in finding.document.get("evidence", []):
            for answer in [item, *item["expected"]]:
                if item["position"] == len(windows[row]) and answer["event"] in token_of:
                    differences.append(abs(answer["probability"] - probabilities[row][token_of[answer["event"]]]))
    return report("probabilities of the next event", max(differences, default=0.0), len(differences)) and fine


def compare_classifier(file: ModelFile, model: Model, windows: List[List[int]], tokens: Any, unseen: int) -> bool:
    """Stage 4: probabilities of kinds and attention, in the documents of windows whose next event was never seen."""
    state, options = file.state("classifier."), json.loads(file.metadata["options"])
    hidden_size, heads = options["hidden_size"], options["attention_heads"]
    kinds = [kind.id for kind in model.kinds()]
    config = {
        "lstm_hidden_size": hidden_size,
        "lstm_num_layers": options["layers"],
        "lstm_dropout": options["dropout"],
        "use_attention": heads > 0,
        "attention_heads": max(heads, 1),
    }
    events, dimension = state["sequence_head.2.weight"].shape[0], state["anomaly_head.0.weight"].shape[1] - hidden_size
    network = EnhancedDeepLogModel(config, events, len(kinds), dimension).eval()
    network.load_state_dict(state)
    sessions = [window + [unseen] for window in windows]
    features = torch.from_numpy(features_of(model, sessions))
    with torch.no_grad():
        _, logits = network(tokens.float(), features)
        expected = torch.softmax(logits, dim=1).numpy()
        lstm_out, _ = network.lstm(tokens.float().unsqueeze(-1))
    documents = [finding.document for finding in one_each(model.classify_sessions(sessions), len(sessions))]
    differences = [
        abs(value - expected[row][kinds.index(kind)])
        for row, document in enumerate(documents)
        for kind, value in document.get("probabilities", {}).items()
    ]
    fine = report("probabilities of kinds", max(differences, default=0.0), len(differences))
    if heads > 0:
        with torch.no_grad():
            _, weights = network.attention(lstm_out, lstm_out, lstm_out, average_attn_weights=False)
        found = {row: document["attention"] for row, document in enumerate(documents) if "attention" in document}
        difference = max((float(numpy.abs(weights[row, :, -1].numpy() - numpy.array(own)).max()) for row, own in found.items()), default=0.0)
        fine = report("attention of the last event", difference, len(found) * heads * tokens.shape[1]) and fine
    return fine


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(folder) / "paper.birchlog"
        if len(sys.argv) == 1:
            train_small(path)
        file = ModelFile(path)
        with Model.load(path) as model:
            known = [int(event) for event in file.tensors["events.normal"]]
            token_of = {event: rank + 1 for rank, event in enumerate(known)}
            windows, following = random_windows(known, json.loads(file.metadata["options"])["window"])
            tokens = torch.tensor([[token_of[event] for event in window] for window in windows])
            fine = compare_base(file, model, windows, following, tokens, token_of)
            unseen = max(int(event) for event in file.tensors["events.known"]) + 1
            fine = compare_classifier(file, model, windows, tokens, unseen) and fine
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
