"""The same gradient flow in PyTorch on the CPU, for run.ts: reads specs as JSON lines, answers each with a JSON line.

Draws weights and noise, runs the cell step by step, and takes the norm of the gradient of a projection of the last state
by every hidden state, and those of the weights. float32, eager, as a user would write it with care: one product for all
inputs, one a step for the state.
"""

import json
import sys
import time

import torch


def flow(spec):
    cell, steps, batch, n = spec["cell"], spec["steps"], spec["batch"], spec["hiddenSize"]
    layer = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell](spec["inputSize"], n)
    w_ih, w_hh, b_ih, b_hh = layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0
    x = torch.randn(steps, batch, spec["inputSize"])
    v = torch.nn.functional.normalize(torch.randn(n), dim=0)
    inputs = torch.nn.functional.linear(x, w_ih, b_ih)
    h = torch.zeros(batch, n)
    c = torch.zeros(batch, n)
    states = []
    for t in range(steps):
        rec = torch.nn.functional.linear(h, w_hh, b_hh)
        if cell == "lstm":
            i, f, g, o = (inputs[t] + rec).chunk(4, 1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        else:
            xr, xz, xn = inputs[t].chunk(3, 1)
            hr, hz, hn = rec.chunk(3, 1)
            z = torch.sigmoid(xz + hz)
            h = (1 - z) * torch.tanh(xn + torch.sigmoid(xr + hr) * hn) + z * h
        h.retain_grad()
        states.append(h)
    (h @ v).sum().backward()
    norms = [float(s.grad.norm()) for s in states]
    weights = [float(p.grad.norm()) for p in layer.parameters()]
    return norms, weights


for line in sys.stdin:
    spec = json.loads(line)
    start = time.perf_counter()
    norms, weights = flow(spec)
    print(json.dumps({"milliseconds": 1000 * (time.perf_counter() - start), "first": norms[0]}), flush=True)
