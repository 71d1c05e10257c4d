"""Asks Flax linen for the parameters of generated layers. Pinned to flax 0.12.8."""

import os

os.environ["JAX_PLATFORMS"] = "cpu"
import flax
import jax
import jax.numpy as jnp
from flax import linen as nn

from common import distinct, generator, row, size, write
from draws import dense_and_friends, recurrent

CELLS = {"rnn": nn.SimpleCell, "lstm": nn.LSTMCell, "gru": nn.GRUCell}


def configs():
    yield from recurrent("linen", list(CELLS), 40, directions=[1, 2], typeName=["", "RNN"])
    yield from recurrent("linen optimised", ["lstm"], 6, directions=[1], typeName=["OptimizedLSTMCell"])
    yield from recurrent("linen cells", [f"{kind}-cell" for kind in CELLS], 24)
    yield from dense_and_friends("linen")
    rng = generator("linen conv lstm")
    for i in range(6):
        rank = i % 2 + 1
        kernel = [rng.randint(1, 3) for _ in range(rank)]
        yield {
            "kind": "conv-lstm",
            "inputChannels": size(rng, 5),
            "filters": size(rng, 5),
            "kernelSize": kernel,
            "directions": 1,
            "bias": 1,
        }


def ask(c):
    kind = c["kind"]
    key = jax.random.key(0)
    base = kind.removesuffix("-cell")
    if base in CELLS:
        cell = nn.OptimizedLSTMCell if c.get("typeName") == "OptimizedLSTMCell" else CELLS[base]
        if kind != base:
            x = jnp.zeros((2, c["inputSize"]))
            layer = cell(c["hiddenSize"])
            args = (layer.initialize_carry(key, x.shape), x)
        else:
            layer = nn.RNN(cell(c["hiddenSize"]))
            if c.get("directions") == 2:
                layer = nn.Bidirectional(layer, nn.RNN(cell(c["hiddenSize"])))
            args = (jnp.zeros((2, 3, c["inputSize"])),)
    elif kind == "conv-lstm":
        layer = nn.ConvLSTMCell(c["filters"], tuple(c["kernelSize"]))
        x = jnp.zeros((2, *[5 for _ in c["kernelSize"]], c["inputChannels"]))
        args = (layer.initialize_carry(key, x.shape), x)
    elif kind == "dense":
        layer, args = nn.Dense(c["outputSize"], use_bias=bool(c["bias"])), (jnp.zeros((2, c["inputSize"])),)
    elif kind == "embedding":
        layer, args = nn.Embed(c["vocabularySize"], c["embeddingSize"]), (jnp.zeros((2,), int),)
    elif kind in ("conv", "conv-transpose"):
        table = nn.Conv if kind == "conv" else nn.ConvTranspose
        layer = table(c["outputChannels"], tuple(c["kernelSize"]), use_bias=bool(c["bias"]))
        args = (jnp.zeros((2, *[7 for _ in c["kernelSize"]], c["inputChannels"])),)
    elif kind == "multi-head-attention":
        layer = nn.MultiHeadDotProductAttention(
            c["numHeads"], qkv_features=c["numHeads"] * c["keyDim"], use_bias=bool(c["bias"])
        )
        args = (jnp.zeros((2, 4, c["querySize"])),)
    else:
        norm = {"layer-norm": nn.LayerNorm, "rms-norm": nn.RMSNorm}.get(kind)
        layer = norm() if norm else nn.BatchNorm(use_running_average=True)
        args = (jnp.zeros((2, c["features"])),)
    variables = layer.init(key, *args)
    flat = flax.traverse_util.flatten_dict(variables["params"])
    statistics = flax.traverse_util.flatten_dict(variables.get("batch_stats", {}))
    total = sum(x.size for x in jax.tree.leaves(variables["params"]))
    return row(
        c,
        [(short(path), x.shape) for path, x in flat.items()],
        total,
        total,
        buffers=[["/".join(path), list(x.shape)] for path, x in statistics.items()],
    )


def short(path):
    """`forward_rnn/cell/ii/kernel` is `forward/ii/kernel`, as two directions are named throughout."""
    parts = [p for p in path if p != "cell"]
    names = {"forward_rnn": "forward", "backward_rnn": "backward"}
    return "/".join(names.get(p, p) for p in parts)


def plain(c):
    return {k: v for k, v in c.items() if v != ""}


write(
    "flax-linen",
    "flax-linen",
    {"flax": flax.__version__, "jax": jax.__version__},
    [ask(c) for c in distinct(plain(c) for c in configs())],
)
