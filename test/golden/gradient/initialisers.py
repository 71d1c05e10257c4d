"""How frameworks really start recurrent layers: statistics of the weights they draw, for test/unit/gradient.

    python initialisers.py torch|keras|flax >> (a line of JSON for each cell; see initialisers.json)

Run once for each framework, in an interpreter that has it. Layouts are turned into this project's: [inputs, gates·H], gates
LSTM i, f, candidate, o and GRU reset, update, candidate.
"""

import json
import sys

import numpy as np

I, H = 48, 64


def facts(framework, cell, kernel, recurrent, bias):
    gates = {"lstm": 4, "gru": 3, "rnn": 1}[cell]
    blocks = [recurrent[:, g * H : (g + 1) * H] for g in range(gates)]
    print(json.dumps({
        "framework": framework,
        "cell": cell,
        "kernel": {"std": float(kernel.std()), "largest": float(np.abs(kernel).max())},
        "recurrent": {
            "std": float(recurrent.std()),
            "largest": float(np.abs(recurrent).max()),
            "sigmaMax": float(np.linalg.svd(recurrent)[1][0]),
            "gateSigmaMax": float(np.mean([np.linalg.svd(b)[1][0] for b in blocks])),
        },
        "biasMeans": [float(b.mean()) for b in np.split(bias, gates)],
        "biasStd": float(np.mean([b.std() for b in np.split(bias, gates)])),
    }))


def reorder(a, order):
    parts = np.split(a, len(order), axis=-1)
    return np.concatenate([parts[k] for k in order], axis=-1)


def from_torch():
    import torch

    torch.manual_seed(0)
    for cell, make in (("lstm", torch.nn.LSTM), ("gru", torch.nn.GRU), ("rnn", torch.nn.RNN)):
        layer = make(I, H)
        w = [p.detach().numpy() for p in layer.parameters()]
        facts("pytorch", cell, w[0].T, w[1].T, (w[2] + w[3]))


def from_keras():
    import keras

    keras.utils.set_random_seed(0)
    for cell, make in (("lstm", keras.layers.LSTM), ("gru", keras.layers.GRU), ("rnn", keras.layers.SimpleRNN)):
        layer = make(H)
        layer.build((None, 5, I))
        kernel, recurrent, bias = [np.asarray(v) for v in layer.get_weights()]
        order = {"lstm": [0, 1, 2, 3], "gru": [1, 0, 2], "rnn": [0]}[cell]
        bias = bias.sum(0) if bias.ndim == 2 else bias
        facts("keras", cell, reorder(kernel, order), reorder(recurrent, order), reorder(bias, order))


def from_flax():
    import jax
    from flax import linen, nnx

    x, key = np.zeros((1, I), np.float32), jax.random.key(0)
    names = {"lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n"), "rnn": ("",)}
    for cell, make in (("lstm", linen.LSTMCell), ("gru", linen.GRUCell), ("rnn", linen.SimpleCell)):
        module = make(features=H)
        params = module.init(key, module.initialize_carry(key, x.shape), x)["params"]
        get = lambda prefix, what: [
            np.asarray(params[prefix + n].get(what, np.zeros(H))) for n in names[cell]
        ]
        kernel, recurrent = np.concatenate(get("i", "kernel"), 1), np.concatenate(get("h", "kernel"), 1)
        bias = np.concatenate(get("i", "bias")) + np.concatenate(get("h", "bias"))
        facts("flax-linen", cell, kernel, recurrent, bias)
    for cell, make in (("lstm", nnx.LSTMCell), ("gru", nnx.GRUCell), ("rnn", nnx.SimpleCell)):
        module = make(I, H, rngs=nnx.Rngs(0))
        val = lambda linear, what: np.asarray(getattr(linear, what)[...]) if getattr(linear, what) is not None else np.zeros(0)
        if cell == "lstm":
            kernel = np.concatenate([val(getattr(module, n), "kernel") for n in ("ii", "if_", "ig", "io")], 1)
            recurrent = np.concatenate([val(getattr(module, "h" + n), "kernel") for n in "ifgo"], 1)
            bias = np.concatenate([val(getattr(module, "h" + n), "bias") for n in "ifgo"])
        else:
            kernel, recurrent = val(module.dense_i, "kernel"), val(module.dense_h, "kernel")
            bias = val(module.dense_i, "bias")
        facts("flax-nnx", cell, kernel, recurrent, bias)


{"torch": from_torch, "keras": from_keras, "flax": from_flax}[sys.argv[1]]()
