"""The same networks in PyTorch eager and ONNX Runtime, on two threads."""

import os
import time
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "2")

import numpy  # noqa: E402
import torch  # noqa: E402
from torch import nn  # noqa: E402

torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))


class Base(nn.Module):
    """The paper's BaseDeepLogModel with an embedding."""

    def __init__(self, vocabulary, embedding=32, hidden=128):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, hidden, 2, batch_first=True, dropout=0.2)
        self.classifier = nn.Linear(hidden, vocabulary)

    def forward(self, tokens):
        states, _ = self.lstm(self.embedding(tokens))
        return self.classifier(states[:, -1])


class Classifier(nn.Module):
    """The paper's EnhancedDeepLogModel: LSTM, self-attention, both heads."""

    def __init__(self, vocabulary, features, kinds, embedding=32, hidden=128):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.lstm = nn.LSTM(embedding, hidden, 2, batch_first=True, dropout=0.2)
        self.attention = nn.MultiheadAttention(hidden, 4, batch_first=True)
        self.sequence_head = nn.Sequential(nn.Linear(hidden, hidden // 2), nn.ReLU(), nn.Linear(hidden // 2, vocabulary))
        self.anomaly_head = nn.Sequential(nn.Linear(hidden + features, hidden // 2), nn.ReLU(), nn.Linear(hidden // 2, kinds))

    def forward(self, tokens, features):
        states, _ = self.lstm(self.embedding(tokens))
        mixed, _ = self.attention(states, states, states)
        last = mixed[:, -1]
        return self.sequence_head(last), self.anomaly_head(torch.cat([last, features], 1))


def train(tokens, targets, batch, vocabulary):
    """Seconds of one pass of Adam over all windows."""
    torch.manual_seed(1)
    model = Base(vocabulary).train()
    optimiser = torch.optim.Adam(model.parameters(), 2e-3)
    tokens, targets = torch.from_numpy(tokens.astype(numpy.int64)), torch.from_numpy(targets.astype(numpy.int64))
    start = time.perf_counter()
    order = torch.randperm(len(tokens))
    for first in range(0, len(tokens), batch):
        rows = order[first : first + batch]
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(tokens[rows]), targets[rows]).backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5)
        optimiser.step()
    return time.perf_counter() - start


def infer(tokens, batch, vocabulary):
    """Seconds of the base network over all windows."""
    model = Base(vocabulary).eval()
    tokens = torch.from_numpy(tokens.astype(numpy.int64))
    with torch.inference_mode():
        start = time.perf_counter()
        for first in range(0, len(tokens), batch):
            torch.log_softmax(model(tokens[first : first + batch]), 1)
        return time.perf_counter() - start


def classify(tokens, batch, vocabulary, features, kinds):
    """Seconds of the classifier in eager mode over all windows."""
    model = Classifier(vocabulary, features, kinds).eval()
    tokens = torch.from_numpy(tokens.astype(numpy.int64))
    external = torch.full((batch, features), 0.1)
    with torch.inference_mode():
        start = time.perf_counter()
        for first in range(0, len(tokens), batch):
            part = tokens[first : first + batch]
            model(part, external[: len(part)])
        return time.perf_counter() - start


def session(vocabulary, features, kinds, path):
    """The classifier in ONNX Runtime."""
    import onnxruntime

    model = Classifier(vocabulary, features, kinds).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model, (torch.zeros(1, 10, dtype=torch.long), torch.zeros(1, features)), path, dynamo=False,
            input_names=["tokens", "features"], output_names=["sequence", "kind"],
            dynamic_axes={name: {0: "rows"} for name in ("tokens", "features", "sequence", "kind")})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ["OMP_NUM_THREADS"])
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def classify_onnx(runtime, tokens, batch, features):
    """Seconds of the classifier in ONNX Runtime over all windows."""
    tokens = tokens.astype(numpy.int64)
    external = numpy.full((batch, features), 0.1, numpy.float32)
    start = time.perf_counter()
    for first in range(0, len(tokens), batch):
        part = tokens[first : first + batch]
        runtime.run(None, {"tokens": part, "features": external[: len(part)]})
    return time.perf_counter() - start


def cold_onnx(runtime, tokens, features):
    """p50 and p99 of one window at a time in ONNX Runtime, in microseconds."""
    tokens = tokens.astype(numpy.int64)
    external = numpy.full((1, features), 0.1, numpy.float32)
    times = []
    for row in range(len(tokens)):
        part = {"tokens": tokens[row : row + 1], "features": external}
        start = time.perf_counter()
        runtime.run(None, part)
        times.append((time.perf_counter() - start) * 1e6)
    return numpy.percentile(times, 50), numpy.percentile(times, 99)


def stage1(training, validation, batch, epochs, rate, seed, vocabulary, weighted=False, floor=None):
    """[(seconds, validation loss)] after each epoch: Adam with a cosine schedule, until the loss is below `floor`.

    `weighted` trains on distinct windows with their counts, else on all of them. Validation is on distinct ones.
    """
    torch.manual_seed(seed)
    model = Base(vocabulary, embedding=64)
    optimiser = torch.optim.Adam(model.parameters(), rate)
    tokens, targets, weights = (torch.from_numpy(part) for part in training)
    tokens, targets = tokens.long(), targets.long()
    held = [torch.from_numpy(part) for part in validation]
    if not weighted:
        rows = torch.repeat_interleave(torch.arange(len(tokens)), weights.long())
        tokens, targets, weights = tokens[rows], targets[rows], torch.ones(len(rows))
    weights = weights / weights.mean()
    steps = epochs * ((len(tokens) + batch - 1) // batch)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps, rate * 0.05)
    curve = []
    start = time.perf_counter()
    for _ in range(epochs):
        model.train()
        order = torch.randperm(len(tokens))
        for first in range(0, len(tokens), batch):
            rows = order[first : first + batch]
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(model(tokens[rows]), targets[rows], reduction="none")
            (loss * weights[rows]).mean().backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5)
            optimiser.step()
            schedule.step()
        model.eval()
        with torch.inference_mode():
            total = sum(
                float((nn.functional.cross_entropy(model(held[0][i : i + 2048].long()), held[1][i : i + 2048].long(), reduction="none")
                       * held[2][i : i + 2048]).sum()) for i in range(0, len(held[0]), 2048))
        curve.append((time.perf_counter() - start, total / float(held[2].sum())))
        if floor is not None and curve[-1][1] <= floor:
            break
    return curve
