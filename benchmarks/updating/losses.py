"""The loss of a model file on sessions, computed with numpy alone: no figure of the product's own is taken for it."""

import json
from collections import Counter, defaultdict

import numpy
from safetensors import safe_open


def read(lines):
    """The events of each session of a sequence file's lines."""
    return [[int(event) for event in line.split(",", 1)[1].split()] for line in lines]


def sigmoid(values):
    return 1 / (1 + numpy.exp(-values))


def log_probabilities(tensors, contexts):
    """Of each token after each context: a stacked LSTM of PyTorch's names and layouts."""
    values = tensors["base.embedding.weight"][contexts]
    layer = 0
    while f"base.lstm.weight_ih_l{layer}" in tensors:
        of_input, of_state = (tensors[f"base.lstm.weight_{part}_l{layer}"].T for part in ("ih", "hh"))
        bias = tensors[f"base.lstm.bias_ih_l{layer}"] + tensors[f"base.lstm.bias_hh_l{layer}"]
        hidden = cell = numpy.zeros((len(contexts), of_state.shape[0]), numpy.float32)
        outputs = []
        for time in range(values.shape[1]):
            gates = numpy.split(values[:, time] @ of_input + hidden @ of_state + bias, 4, axis=1)
            cell = sigmoid(gates[1]) * cell + sigmoid(gates[0]) * numpy.tanh(gates[2])
            hidden = sigmoid(gates[3]) * numpy.tanh(cell)
            outputs.append(hidden)
        values = numpy.stack(outputs, axis=1)
        layer += 1
    logits = hidden @ tensors["base.classifier.weight"].T + tensors["base.classifier.bias"]
    logits -= logits.max(axis=1, keepdims=True)
    return logits - numpy.log(numpy.exp(logits).sum(axis=1, keepdims=True))


def losses(model, sessions):
    """−ln p of every event of whole sessions, and of their ends; events that the network has no output for are left out."""
    with safe_open(model, framework="numpy") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}
        window = json.loads(file.metadata()["options"])["window"]
    tokens = {int(event): place + 1 for place, event in enumerate(tensors["events.normal"])}
    end, unseen = len(tokens) + 1, len(tokens) + 2
    contexts, targets = [], []
    for session in sessions:
        sequence = [0] * window + [tokens.get(event, unseen) for event in session] + [end]
        for place in range(window, len(sequence)):
            if sequence[place] != unseen:
                contexts.append(sequence[place - window : place])
                targets.append(sequence[place])
    different, place = numpy.unique(numpy.array(contexts), axis=0, return_inverse=True)
    return -log_probabilities(tensors, different)[place.ravel(), targets]


def context_entropy(sessions, others, window=10):
    """Mean −ln of how often the next event follows the same events before it among `others`, over `sessions`, which are among them."""
    follows = defaultdict(Counter)

    def steps(session):
        sequence = [-1] * window + session + [-2]
        return ((tuple(sequence[place - window : place]), sequence[place]) for place in range(window, len(sequence)))

    for session in others:
        for context, event in steps(session):
            follows[context][event] += 1
    shares = [follows[context][event] / follows[context].total() for session in sessions for context, event in steps(session)]
    return -float(numpy.log(shares).mean())
