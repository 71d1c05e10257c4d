"""Asks Flax nnx for the parameters of generated layers. Pinned to flax 0.12.8."""

import os

os.environ["JAX_PLATFORMS"] = "cpu"
import flax
import jax
from flax import nnx

from common import distinct, row, write
from draws import dense_and_friends, recurrent

CELLS = {"rnn-cell": nnx.SimpleCell, "lstm-cell": nnx.LSTMCell, "gru-cell": nnx.GRUCell}


def configs():
    yield from recurrent("nnx", list(CELLS), 45)
    yield from recurrent("nnx optimised", ["lstm-cell"], 12, typeName=["OptimizedLSTMCell"])
    yield from recurrent("nnx layers", ["rnn", "lstm", "gru"], 24, directions=[1, 2])
    yield from (c for c in dense_and_friends("nnx") if c["kind"] != "conv-transpose")


def build(c, rngs):
    kind = c["kind"]
    if kind in CELLS:
        cell = nnx.OptimizedLSTMCell if "typeName" in c else CELLS[kind]
        return cell(c["inputSize"], c["hiddenSize"], rngs=rngs)
    if kind in ("rnn", "lstm", "gru"):
        cell = CELLS[f"{kind}-cell"]
        layer = nnx.RNN(cell(c["inputSize"], c["hiddenSize"], rngs=rngs))
        if c.get("directions") == 2:
            other = nnx.RNN(cell(c["inputSize"], c["hiddenSize"], rngs=rngs))
            return nnx.Bidirectional(layer, other, rngs=rngs)
        return layer
    if kind == "dense":
        return nnx.Linear(c["inputSize"], c["outputSize"], use_bias=bool(c["bias"]), rngs=rngs)
    if kind == "embedding":
        return nnx.Embed(c["vocabularySize"], c["embeddingSize"], rngs=rngs)
    if kind == "conv":
        return nnx.Conv(
            c["inputChannels"], c["outputChannels"], tuple(c["kernelSize"]), use_bias=bool(c["bias"]), rngs=rngs
        )
    if kind == "multi-head-attention":
        return nnx.MultiHeadAttention(
            c["numHeads"],
            c["querySize"],
            c["numHeads"] * c["keyDim"],
            use_bias=bool(c["bias"]),
            decode=False,
            rngs=rngs,
        )
    norm = {"layer-norm": nnx.LayerNorm, "rms-norm": nnx.RMSNorm, "batch-norm": nnx.BatchNorm}[kind]
    return norm(c["features"], rngs=rngs)


def flat(layer, what):
    names = {"forward_rnn": "forward", "backward_rnn": "backward"}
    found = []
    for path, variable in nnx.state(layer, what).flat_state():
        parts = [names.get(p, p) for p in map(str, path) if p != "cell"]
        found.append((".".join(parts), variable.get_value()))
    return found


def ask(c):
    layer = build(c, nnx.Rngs(0))
    parameters = flat(layer, nnx.Param)
    statistics = flat(layer, nnx.BatchStat)
    total = sum(x.size for _, x in parameters)
    return row(
        c,
        [(name, x.shape) for name, x in parameters],
        total,
        total,
        buffers=[[name, list(x.shape)] for name, x in statistics],
    )


write(
    "flax-nnx",
    "flax-nnx",
    {"flax": flax.__version__, "jax": jax.__version__},
    [ask(c) for c in distinct(configs())],
)
