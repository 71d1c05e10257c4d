"""Gradients of recurrent layers as PyTorch's float64 autograd gives them, for test/unit/gradient.

    python3 test/golden/gradient/make.py    writes gradients.json beside this file

Needs torch and numpy. The cells are torch.nn's own where it has them; those it lacks (reset gate before the
product, hard sigmoid, projection, other activations) are written out.
"""

import json
import math
import pathlib

import numpy as np
import torch

import draw
from specs import all_specs

torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent
GATES = {"rnn": ["hidden"], "lstm": ["input", "forget", "candidate", "output"], "gru": ["reset", "update", "candidate"]}
# float64 has no normal numbers below this.
SMALLEST = 1e-300
KEPT_STEPS = 60


def activation(name):
    return {"tanh": torch.tanh, "relu": torch.relu, "linear": lambda x: x}[name]


def gate_activation(spec):
    if spec.get("gateNonlinearity") != "hard-sigmoid":
        return torch.sigmoid
    slope = 1 / 6 if spec["framework"] == "keras" else 0.2
    return lambda x: torch.clamp(slope * x + 0.5, 0, 1)


class Layer:
    """One layer in one direction; weights are leaves in this project's layout."""

    def __init__(self, spec, layer, direction, inputs):
        self.spec, self.layer, self.direction = spec, layer, direction
        arrays = draw.weights(spec, layer, direction, inputs, spec["seeds"][0])
        names = ("kernel", "recurrent", "bias", "inner", "projection")
        self.w = {n: None if a is None else torch.tensor(a, requires_grad=True) for n, a in zip(names, arrays)}
        self.states, self.cells = [], []

    def run(self, xs):
        spec, w = self.spec, self.w
        batch, hidden = spec["batch"], spec["hiddenSize"]
        h = torch.zeros(batch, spec["projSize"] or hidden)
        c = torch.zeros(batch, hidden)
        order = range(len(xs)) if self.direction == "forward" else reversed(range(len(xs)))
        found = {}
        for t in order:
            h, c = self.step(xs[t], h, c)
            for state in (h, c):
                if state.requires_grad:
                    state.retain_grad()
            found[t] = (h, c)
        self.states = [found[t][0] for t in range(len(xs))]
        self.cells = [found[t][1] for t in range(len(xs))]
        self.last = h
        return self.states

    def step(self, x, h, c):
        spec, w = self.spec, self.w
        plain = spec.get("gateNonlinearity", "sigmoid") == "sigmoid" and spec["nonlinearity"] == "tanh"
        zero = torch.zeros_like(w["bias"])
        if spec["cell"] == "lstm" and plain and w["projection"] is None:
            return torch._VF.lstm_cell(x, (h, c), w["kernel"].T, w["recurrent"].T, w["bias"], zero)
        if spec["cell"] == "rnn" and spec["nonlinearity"] != "linear":
            cell = torch._VF.rnn_tanh_cell if spec["nonlinearity"] == "tanh" else torch._VF.rnn_relu_cell
            return cell(x, h, w["kernel"].T, w["recurrent"].T, w["bias"], zero), c
        if spec["cell"] == "gru" and plain and spec["resetAfter"]:
            n = spec["hiddenSize"]
            inner = torch.cat([zero[: 2 * n], w["inner"]])
            return torch._VF.gru_cell(x, h, w["kernel"].T, w["recurrent"].T, w["bias"], inner), c
        return self.written_out(x, h, c)

    def written_out(self, x, h, c):
        spec, w = self.spec, self.w
        n, f, sigma = spec["hiddenSize"], activation(spec["nonlinearity"]), gate_activation(spec)
        a = x @ w["kernel"] + w["bias"]
        if spec["cell"] == "rnn":
            return f(a + h @ w["recurrent"]), c
        if spec["cell"] == "lstm":
            i, forget, g, o = torch.split(a + h @ w["recurrent"], n, dim=1)
            c = sigma(forget) * c + sigma(i) * f(g)
            out = sigma(o) * f(c)
            return out if w["projection"] is None else out @ w["projection"], c
        rec = w["recurrent"]
        r = sigma(a[:, :n] + h @ rec[:, :n])
        z = sigma(a[:, n : 2 * n] + h @ rec[:, n : 2 * n])
        if spec["resetAfter"]:
            candidate = f(a[:, 2 * n :] + r * (h @ rec[:, 2 * n :] + w["inner"]))
        else:
            candidate = f(a[:, 2 * n :] + (r * h) @ rec[:, 2 * n :])
        return (1 - z) * candidate + z * h, c


def log10_norm(tensor):
    """The squares of a small number underflow before the number does: so the largest is taken out first."""
    top = float(tensor.abs().max())
    return round(math.log10(top) + math.log10(float((tensor / top).norm())), 6) if top > SMALLEST else None


def norms(tensors, steps):
    return [log10_norm(tensors[t].grad) for t in steps]


def weight_norms(layer):
    n, found = layer.spec["hiddenSize"], []
    for name, tensor in (("kernel", "kernel"), ("recurrent", "recurrent kernel"), ("bias", "bias")):
        if name == "bias" and not layer.spec["bias"]:
            continue
        grad = layer.w[name].grad
        for g, gate in enumerate(GATES[layer.spec["cell"]]):
            found.append([tensor, gate, log10_norm(grad[..., g * n : (g + 1) * n])])
    if layer.w["inner"] is not None and layer.spec["bias"]:
        found.append(["recurrent bias", "candidate", log10_norm(layer.w["inner"].grad)])
    if layer.w["projection"] is not None:
        found.append(["projection", "projection", log10_norm(layer.w["projection"].grad)])
    return found


def answer(spec):
    seed = spec["seeds"][0]
    directions = ["forward", "reverse"] if spec["bidirectional"] else ["forward"]
    xs = [torch.tensor(x) for x in draw.inputs(spec, seed)]
    layers = []
    for level in range(spec["numLayers"]):
        own = [Layer(spec, level, d, xs[0].shape[1]) for d in directions]
        outs = [layer.run(xs) for layer in own]
        xs = [torch.cat(step, dim=1) for step in zip(*outs)]
        layers += own
    loss = 0.0
    for layer in layers[-len(directions) :]:
        v = torch.tensor(draw.loss_vector(seed, layer.direction, layer.last.shape[1]))
        loss = loss + (sum(h.sum(0) for h in layer.states) if spec["loss"] == "all" else layer.last.sum(0)) @ v
    loss.backward()
    count = spec["steps"]
    kept = sorted({round(k) for k in np.linspace(0, count - 1, min(count, KEPT_STEPS))})
    lstm = spec["cell"] == "lstm"
    return {
        "spec": spec,
        "steps": [t + 1 for t in kept],
        "layers": [
            {
                "layer": layer.layer,
                "direction": layer.direction,
                "log10Norms": norms(layer.states, kept),
                **({"log10CellNorms": norms(layer.cells, kept)} if lstm else {}),
                "weights": weight_norms(layer),
            }
            for layer in layers
        ],
        "recurrentKernel": spectrum(layers[-len(directions)]),
    }


def spectrum(layer):
    n, rec = layer.spec["hiddenSize"], layer.w["recurrent"].detach().numpy()
    blocks = {gate: rec[:, g * n : (g + 1) * n] for g, gate in enumerate(GATES[layer.spec["cell"]])}
    square = rec.shape[0] == n
    return {
        "sigmaMax": {gate: round(float(np.linalg.svd(b)[1][0]), 8) for gate, b in blocks.items()},
        "spectralRadius": {
            gate: round(float(np.abs(np.linalg.eigvals(b)).max()), 8) for gate, b in blocks.items() if square
        },
    }


if __name__ == "__main__":
    answers = [answer(spec) for spec in all_specs()]
    text = ",\n".join(json.dumps(a, separators=(",", ":")) for a in answers)
    (HERE / "gradients.json").write_text(
        '{"madeWith":"torch ' + torch.__version__ + ', float64 autograd","cases":[\n' + text + "\n]}\n"
    )
    print(len(answers), "cases")
