"""Asks MXNet Gluon for the parameters of generated layers. Pinned to mxnet 1.9.1, the last release, which needs numpy 1.23."""

import numpy

# Gone from numpy 1.24; MXNet's last release still asks for it.
numpy.bool = bool

import mxnet  # noqa: E402
from mxnet.gluon import nn, rnn  # noqa: E402

from common import distinct, generator, row, size, write  # noqa: E402
from draws import recurrent  # noqa: E402

LAYERS = {"rnn": rnn.RNN, "lstm": rnn.LSTM, "gru": rnn.GRU}
CELLS = {"rnn-cell": rnn.RNNCell, "lstm-cell": rnn.LSTMCell, "gru-cell": rnn.GRUCell}
CONV = {1: nn.Conv1D, 2: nn.Conv2D, 3: nn.Conv3D}


def configs():
    yield from recurrent("mxnet", list(LAYERS), 36, numLayers=[1, 2, 3], directions=[1, 2])
    yield from recurrent("mxnet cells", list(CELLS), 15)
    rng = generator("mxnet other")
    for _ in range(6):
        hidden = size(rng) + 1
        yield {
            "kind": "lstm",
            "inputSize": size(rng),
            "hiddenSize": hidden,
            "bias": 1,
            "projSize": rng.randint(1, hidden - 1),
            "numLayers": rng.randint(1, 3),
            "directions": rng.randint(1, 2),
        }
    for i in range(6):
        yield {"kind": "dense", "inputSize": size(rng), "outputSize": size(rng), "bias": i % 2}
    for _ in range(4):
        yield {"kind": "embedding", "vocabularySize": size(rng, 500), "embeddingSize": size(rng)}
    for i in range(9):
        rank = i % 3 + 1
        groups = rng.choice([1, 2])
        yield {
            "kind": "conv",
            "inputChannels": groups * size(rng, 8),
            "outputChannels": groups * size(rng, 8),
            "kernelSize": [rng.randint(1, 4) for _ in range(rank)],
            "stride": [1] * rank,
            "padding": [0] * rank,
            "dilation": [1] * rank,
            "groups": groups,
            "bias": i % 2,
            "channelsFirst": True,
        }
    for kind in ("layer-norm", "batch-norm"):
        yield {"kind": kind, "features": size(rng), "scale": 1, "offset": 1}


def build(c):
    kind = c["kind"]
    if kind in LAYERS:
        more = {"projection_size": c["projSize"]} if "projSize" in c else {}
        two = c.get("directions") == 2
        return LAYERS[kind](c["hiddenSize"], c.get("numLayers", 1), bidirectional=two, input_size=c["inputSize"], **more)
    if kind in CELLS:
        return CELLS[kind](c["hiddenSize"], input_size=c["inputSize"])
    if kind == "dense":
        return nn.Dense(c["outputSize"], in_units=c["inputSize"], use_bias=bool(c["bias"]))
    if kind == "embedding":
        return nn.Embedding(c["vocabularySize"], c["embeddingSize"])
    if kind == "conv":
        return CONV[len(c["kernelSize"])](
            c["outputChannels"],
            c["kernelSize"],
            in_channels=c["inputChannels"],
            groups=c["groups"],
            use_bias=bool(c["bias"]),
        )
    norm = nn.LayerNorm if kind == "layer-norm" else nn.BatchNorm
    return norm(in_channels=c["features"])


def ask(c):
    layer = build(c)
    named = [(name.removeprefix(layer.prefix), p) for name, p in layer.collect_params().items()]
    sizes = {name: int(numpy.prod(p.shape)) for name, p in named}
    frozen = [name for name, p in named if p.grad_req == "null"]
    # As Block.summary counts: everything, and apart what takes no gradient.
    return row(
        c,
        [(name, p.shape) for name, p in named],
        sum(sizes.values()),
        sum(n for name, n in sizes.items() if name not in frozen),
        frozen=frozen,
    )


write("mxnet", "mxnet", {"mxnet": mxnet.__version__}, [ask(c) for c in distinct(configs())])
