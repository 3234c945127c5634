"""Writes the vectors that the tests of SequenceModel compare with, from PyTorch.

Run with any PyTorch 2:  python make_vectors.py
Each file holds blocks of two lines: a name with its shape, and the values in row-major order. The two classes are those of the paper, with two
switches added for what it leaves open: the input encoding and the projection of the consistency loss.
"""

import pathlib

import torch
import torch.nn as nn
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent
VOCABULARY, LENGTH, ROWS, HIDDEN, FEATURES, KINDS = 7, 5, 9, 10, 4, 3


class Input(nn.Module):
    """What stands before the LSTM: the bare number as in the paper, a one-hot vector or an embedding."""

    def __init__(self, encoding):
        super().__init__()
        self.encoding = encoding
        self.width = {"scalar": 1, "onehot": VOCABULARY, "embedding": 3}[encoding]

    def forward(self, model, x):
        if self.encoding == "scalar":
            return x.unsqueeze(-1).float()
        if self.encoding == "onehot":
            return F.one_hot(x, VOCABULARY).float()
        return model.embedding(x)


class BaseDeepLogModel(nn.Module):
    def __init__(self, encoding):
        super().__init__()
        self.encode = Input(encoding)
        if encoding == "embedding":
            self.embedding = nn.Embedding(VOCABULARY, self.encode.width)
        self.lstm = nn.LSTM(self.encode.width, HIDDEN, num_layers=2, batch_first=True, dropout=0.2)
        self.classifier = nn.Linear(HIDDEN, VOCABULARY)

    def forward(self, x):
        lstm_out, (hidden, _) = self.lstm(self.encode(self, x))
        return self.classifier(lstm_out[:, -1, :]), hidden[-1]


class EnhancedDeepLogModel(nn.Module):
    def __init__(self, encoding, heads):
        super().__init__()
        self.encode = Input(encoding)
        if encoding == "embedding":
            self.embedding = nn.Embedding(VOCABULARY, self.encode.width)
        self.lstm = nn.LSTM(self.encode.width, HIDDEN, num_layers=2, batch_first=True, dropout=0.2)
        if heads > 0:
            self.attention = nn.MultiheadAttention(HIDDEN, num_heads=heads, batch_first=True)
        self.sequence_head = self.head(HIDDEN, HIDDEN // 2, VOCABULARY)
        self.anomaly_head = self.head(HIDDEN + FEATURES, HIDDEN // 2, KINDS)
        self.consistency = self.head(HIDDEN, HIDDEN, FEATURES)

    @staticmethod
    def head(inputs, middle, outputs):
        return nn.Sequential(nn.Linear(inputs, middle), nn.ReLU(), nn.Linear(middle, outputs))

    def forward(self, x_seq, x_feat):
        lstm_out, _ = self.lstm(self.encode(self, x_seq))
        weights = None
        if hasattr(self, "attention"):
            attn_out, weights = self.attention(
                lstm_out, lstm_out, lstm_out, average_attn_weights=False
            )
            sequence_features = attn_out[:, -1, :]
            weights = weights[:, :, -1, :]
        else:
            sequence_features = lstm_out[:, -1, :]
        sequence = self.sequence_head(sequence_features)
        kind = self.anomaly_head(torch.cat([sequence_features, x_feat], dim=1))
        return sequence, kind, weights, lstm_out[:, -1, :]


def write(path, blocks):
    with open(path, "w") as file:
        for name, tensor in blocks:
            values = tensor.detach().float().reshape(-1).tolist()
            print(name, *tensor.shape, file=file)
            print(*("%.8g" % value for value in values), file=file)


def widen(model):
    """Larger weights than the start has, so that gates saturate, and short ones, so that the files stay small."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_((torch.randn_like(parameter) * 400).round() / 1000)
    return model.eval()


def state(model, loss):
    loss.backward()
    for name, parameter in model.named_parameters():
        yield name, parameter
    for name, parameter in model.named_parameters():
        yield "gradient." + name, parameter.grad


def base(encoding):
    model = widen(BaseDeepLogModel(encoding))
    tokens = torch.randint(VOCABULARY, (ROWS, LENGTH))
    targets = torch.randint(VOCABULARY, (ROWS,))
    weights = torch.rand(ROWS) * 5
    logits, hidden = model(tokens)
    loss = (weights * F.cross_entropy(logits, targets, reduction="none")).sum() / weights.sum()
    blocks = [("tokens", tokens), ("targets", targets), ("weights", weights), ("hidden", hidden)]
    blocks += [("logProbabilities", F.log_softmax(logits, dim=1)), ("loss", loss)]
    write(HERE / f"base_{encoding}.txt", blocks + list(state(model, loss)))


def enhanced(encoding, heads):
    model = widen(EnhancedDeepLogModel(encoding, heads))
    tokens = torch.randint(VOCABULARY, (ROWS, LENGTH))
    targets = torch.randint(-1, VOCABULARY, (ROWS,))
    targets[2] = -1
    kinds = torch.tensor([0, 1, 2, 0, 0, 1, 0, 0, 2])
    weights = torch.rand(ROWS) * 5
    features = torch.randn(ROWS, FEATURES)
    sequence, kind, attention, hidden = model(tokens, features)
    known = targets >= 0
    ahead = F.cross_entropy(sequence[known], targets[known], reduction="none")
    ahead = (weights[known] * ahead).sum() / weights[known].sum()
    balance = torch.stack([weights[kinds == k].sum() for k in range(KINDS)])
    classes = F.cross_entropy(kind, kinds, reduction="none")
    shares = weights / balance[kinds] / KINDS
    classes = (shares * classes).sum()
    distance = torch.linalg.vector_norm(model.consistency(hidden) - features, dim=1)
    distance = (weights * distance).sum() / weights.sum()
    loss = 0.3 * ahead + 0.5 * classes + 0.2 * distance
    blocks = [("tokens", tokens), ("targets", targets), ("weights", weights), ("kinds", kinds)]
    blocks += [("kindShares", shares), ("features", features), ("hidden", hidden), ("loss", loss)]
    blocks += [("sequenceLogits", sequence), ("kindLogits", kind)]
    if attention is not None:
        blocks.append(("attention", attention))
    write(HERE / f"enhanced_{encoding}_{heads}.txt", blocks + list(state(model, loss)))


if __name__ == "__main__":
    torch.manual_seed(20)
    for encoding in ("scalar", "onehot", "embedding"):
        base(encoding)
    enhanced("scalar", 2)
    enhanced("scalar", 0)
    enhanced("embedding", 5)
