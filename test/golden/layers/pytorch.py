"""Asks PyTorch for the parameters of generated layers. Pinned to torch 1.13."""

import warnings

import torch
from torch import nn

from common import distinct, flag, generator, row, size, write

warnings.filterwarnings("ignore")
RECURRENT = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
CELLS = {"rnn-cell": nn.RNNCell, "lstm-cell": nn.LSTMCell, "gru-cell": nn.GRUCell}
CONV = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
CONV_T = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
BATCH_NORM = {1: nn.BatchNorm1d, 2: nn.BatchNorm2d, 3: nn.BatchNorm3d}
INSTANCE_NORM = {1: nn.InstanceNorm1d, 2: nn.InstanceNorm2d, 3: nn.InstanceNorm3d}


def recurrent_configs():
    rng = generator("recurrent")
    for kind in RECURRENT:
        for layers in (1, 2, 3):
            for directions in (1, 2):
                for bias in (0, 1):
                    yield recurrent(rng, kind, layers, directions, bias, 0)
                    if kind == "lstm":
                        yield recurrent(rng, kind, layers, directions, bias, 1)
    for _ in range(240):
        kind = rng.choice(list(RECURRENT))
        yield recurrent(
            rng, kind, rng.randint(1, 4), rng.randint(1, 2), flag(rng, 0.8), flag(rng, 0.3)
        )


def recurrent(rng, kind, layers, directions, bias, projected):
    hidden = max(size(rng), 2 if projected else 1)
    config = {
        "kind": kind,
        "inputSize": size(rng),
        "hiddenSize": hidden,
        "numLayers": layers,
        "directions": directions,
        "bias": bias,
    }
    if projected and kind == "lstm":
        config["projSize"] = rng.randint(1, hidden - 1)
    return config


def other_configs():
    rng = generator("other")
    for kind in CELLS:
        for i in range(22):
            yield {"kind": kind, "inputSize": size(rng), "hiddenSize": size(rng), "bias": i % 2}
    for i in range(24):
        yield {"kind": "dense", "inputSize": size(rng), "outputSize": size(rng), "bias": i % 2}
    for i in range(10):
        yield {
            "kind": "dense",
            "inputSize": size(rng),
            "secondInputSize": size(rng),
            "outputSize": size(rng),
            "bias": i % 2,
        }
    for _ in range(16):
        yield {"kind": "embedding", "vocabularySize": size(rng, 3000), "embeddingSize": size(rng)}
    for _ in range(70):
        yield conv(rng, "conv")
    for _ in range(40):
        yield conv(rng, "conv-transpose")
    for i in range(24):
        affine = i % 2
        kind = ["batch-norm", "instance-norm", "layer-norm", "group-norm"][i // 2 % 4]
        yield {
            "kind": kind,
            "features": size(rng),
            "scale": affine,
            "offset": affine,
            **({"rank": rng.randint(1, 3)} if kind in ("batch-norm", "instance-norm") else {}),
        }
    yield {"kind": "batch-norm", "features": 8, "scale": 1, "offset": 1, "rank": 1, "trackStatistics": False}
    for i in range(30):
        heads = rng.randint(1, 4)
        embed = heads * size(rng, 16)
        apart = i % 3 == 0
        yield {
            "kind": "multi-head-attention",
            "querySize": embed,
            "keySize": size(rng) if apart else embed,
            "valueSize": size(rng) if apart else embed,
            "numHeads": heads,
            "keyDim": embed // heads,
            "valueDim": embed // heads,
            "outputSize": embed,
            "bias": flag(rng, 0.7),
            "biasKv": flag(rng, 0.3),
        }
    for i in range(16):
        heads = rng.randint(1, 4)
        yield {
            "kind": ["transformer-encoder-layer", "transformer-decoder-layer"][i % 2],
            "modelSize": heads * size(rng, 12),
            "numHeads": heads,
            "feedForwardSize": size(rng),
            "bias": 1,
        }
    for _ in range(6):
        yield {"kind": "parameter", "path": "p", "shape": [size(rng) for _ in range(rng.randint(1, 3))]}


def conv(rng, kind):
    rank = rng.randint(1, 3)
    groups = rng.choice([1, 1, 1, 2, 3])
    kernel = [rng.randint(1, 5) for _ in range(rank)]
    return {
        "kind": kind,
        "inputChannels": groups * size(rng, 12),
        "outputChannels": groups * size(rng, 12),
        "kernelSize": kernel,
        "stride": [rng.randint(1, 3) for _ in range(rank)],
        "padding": [rng.randint(0, (k - 1) // 2) for k in kernel],
        "dilation": [rng.randint(1, 2) for _ in range(rank)],
        "groups": groups,
        "bias": flag(rng, 0.7),
        "channelsFirst": True,
    }


def weight_norm_configs():
    rng = generator("weight norm")
    for _ in range(8):
        yield {
            "kind": "dense",
            "inputSize": size(rng),
            "outputSize": size(rng),
            "bias": flag(rng),
            "weightNorm": [{"tensor": "weight", "dim": rng.choice([-1, 0, 1])}],
        }
    for _ in range(6):
        yield {**conv(rng, "conv"), "weightNorm": [{"tensor": "weight", "dim": 0}]}
    for kind in RECURRENT:
        yield {
            **recurrent(rng, kind, 2, 1, 1, 0),
            "weightNorm": [{"tensor": "weight_hh_l0", "dim": 0}, {"tensor": "weight_ih_l1", "dim": 0}],
        }


def build(c):
    kind = c["kind"]
    if kind in RECURRENT:
        more = {"proj_size": c["projSize"]} if "projSize" in c else {}
        return RECURRENT[kind](
            c["inputSize"],
            c["hiddenSize"],
            c["numLayers"],
            bias=bool(c["bias"]),
            bidirectional=c["directions"] == 2,
            **more,
        )
    if kind in CELLS:
        return CELLS[kind](c["inputSize"], c["hiddenSize"], bias=bool(c["bias"]))
    if kind == "dense" and "secondInputSize" in c:
        return nn.Bilinear(c["inputSize"], c["secondInputSize"], c["outputSize"], bias=bool(c["bias"]))
    if kind == "dense":
        return nn.Linear(c["inputSize"], c["outputSize"], bias=bool(c["bias"]))
    if kind == "embedding":
        return nn.Embedding(c["vocabularySize"], c["embeddingSize"])
    if kind in ("conv", "conv-transpose"):
        table = CONV if kind == "conv" else CONV_T
        return table[len(c["kernelSize"])](
            c["inputChannels"],
            c["outputChannels"],
            c["kernelSize"],
            stride=c["stride"],
            padding=c["padding"],
            dilation=c["dilation"],
            groups=c["groups"],
            bias=bool(c["bias"]),
        )
    if kind == "batch-norm":
        track = c.get("trackStatistics", True)
        return BATCH_NORM[c["rank"]](c["features"], affine=bool(c["scale"]), track_running_stats=track)
    if kind == "instance-norm":
        return INSTANCE_NORM[c["rank"]](c["features"], affine=bool(c["scale"]))
    if kind == "layer-norm":
        return nn.LayerNorm(c["features"], elementwise_affine=bool(c["scale"]))
    if kind == "group-norm":
        return nn.GroupNorm(1, c["features"], affine=bool(c["scale"]))
    if kind == "multi-head-attention":
        return nn.MultiheadAttention(
            c["querySize"],
            c["numHeads"],
            bias=bool(c["bias"]),
            add_bias_kv=bool(c["biasKv"]),
            kdim=c["keySize"],
            vdim=c["valueSize"],
        )
    if kind == "transformer-encoder-layer":
        return nn.TransformerEncoderLayer(c["modelSize"], c["numHeads"], c["feedForwardSize"])
    if kind == "transformer-decoder-layer":
        return nn.TransformerDecoderLayer(c["modelSize"], c["numHeads"], c["feedForwardSize"])
    module = nn.Module()
    module.p = nn.Parameter(torch.zeros(c["shape"]))
    return module


def ask(c):
    module = build(c)
    for norm in c.get("weightNorm", []):
        module = nn.utils.weight_norm(module, norm["tensor"], None if norm["dim"] == -1 else norm["dim"])
    run = {}
    if c["kind"] in ("conv", "conv-transpose"):
        rank = len(c["kernelSize"])
        shape = [2, c["inputChannels"], *[11 + i for i in range(rank)]]
        run = {"input": shape, "output": list(module(torch.zeros(shape)).shape)}
    parameters = list(module.parameters())
    return row(
        c,
        [(name, p.shape) for name, p in module.named_parameters()],
        sum(p.numel() for p in parameters),
        sum(p.numel() for p in parameters if p.requires_grad),
        buffers=[
            [name, list(b.shape)] for name, b in module.named_buffers() if b.is_floating_point()
        ],
        **run,
    )


configs = distinct([*recurrent_configs(), *other_configs(), *weight_norm_configs()])
write("pytorch", "pytorch", {"torch": torch.__version__}, [ask(c) for c in configs])
