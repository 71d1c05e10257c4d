"""Asks MindSpore for the parameters of generated layers. Pinned to mindspore 2.10.0 (CPU)."""

import math

import mindspore
from mindspore import nn

from common import distinct, generator, row, size, write
from draws import recurrent

LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
CELLS = {"rnn-cell": nn.RNNCell, "lstm-cell": nn.LSTMCell, "gru-cell": nn.GRUCell}
# Its Conv1d keeps an axis of length 1 in the kernel: one of two axes by another name.
CONV = {2: nn.Conv2d, 3: nn.Conv3d}


def configs():
    yield from recurrent("mindspore", list(LAYERS), 36, numLayers=[1, 2, 3], directions=[1, 2], bias=[0, 1])
    yield from recurrent("mindspore cells", list(CELLS), 15, bias=[0, 1])
    rng = generator("mindspore other")
    for i in range(6):
        yield {"kind": "dense", "inputSize": size(rng), "outputSize": size(rng), "bias": i % 2}
    for _ in range(4):
        yield {"kind": "embedding", "vocabularySize": size(rng, 500), "embeddingSize": size(rng)}
    for i in range(8):
        rank = i % 2 + 2
        yield {
            "kind": "conv",
            "inputChannels": size(rng, 8),
            "outputChannels": size(rng, 8),
            "kernelSize": [rng.randint(1, 4) for _ in range(rank)],
            "stride": [1] * rank,
            "padding": [0] * rank,
            "dilation": [1] * rank,
            "groups": 1,
            "bias": int(i > 3),
            "channelsFirst": True,
        }
    for kind in ("layer-norm", "batch-norm"):
        yield {"kind": kind, "features": size(rng), "scale": 1, "offset": 1}
    for _ in range(5):
        heads = rng.randint(1, 4)
        embed = heads * size(rng, 8)
        key = rng.choice([embed, size(rng)])
        yield {
            "kind": "multi-head-attention",
            "querySize": embed,
            "keySize": key,
            "valueSize": rng.choice([key, size(rng)]),
            "numHeads": heads,
            "keyDim": embed // heads,
            "valueDim": embed // heads,
            "outputSize": embed,
            "bias": 1,
        }


def build(c):
    kind = c["kind"]
    if kind in LAYERS:
        return LAYERS[kind](
            c["inputSize"],
            c["hiddenSize"],
            num_layers=c.get("numLayers", 1),
            has_bias=bool(c["bias"]),
            bidirectional=c.get("directions") == 2,
        )
    if kind in CELLS:
        return CELLS[kind](c["inputSize"], c["hiddenSize"], has_bias=bool(c["bias"]))
    if kind == "dense":
        return nn.Dense(c["inputSize"], c["outputSize"], has_bias=bool(c["bias"]))
    if kind == "embedding":
        return nn.Embedding(c["vocabularySize"], c["embeddingSize"])
    if kind == "conv":
        kernel = tuple(c["kernelSize"])
        return CONV[len(kernel)](
            c["inputChannels"], c["outputChannels"], kernel, pad_mode="valid", has_bias=bool(c["bias"])
        )
    if kind == "multi-head-attention":
        return nn.MultiheadAttention(c["querySize"], c["numHeads"], kdim=c["keySize"], vdim=c["valueSize"])
    return nn.LayerNorm((c["features"],)) if kind == "layer-norm" else nn.BatchNorm1d(c["features"])


def ask(c):
    layer = build(c)
    named = list(layer.get_parameters())
    return row(
        c,
        [(p.name, p.shape) for p in named],
        sum(math.prod(p.shape) for p in named),
        sum(math.prod(p.shape) for p in layer.trainable_params()),
        frozen=[p.name for p in named if not p.requires_grad],
    )


write("mindspore", "mindspore", {"mindspore": mindspore.__version__}, [ask(c) for c in distinct(configs())])
