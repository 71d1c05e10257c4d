"""Asks PaddlePaddle for the parameters of generated layers. Pinned to paddlepaddle 3.3.1."""

import paddle
from paddle import nn

from common import distinct, flag, generator, row, size, write
from draws import recurrent

LAYERS = {"rnn": nn.SimpleRNN, "lstm": nn.LSTM, "gru": nn.GRU}
CELLS = {"rnn-cell": nn.SimpleRNNCell, "lstm-cell": nn.LSTMCell, "gru-cell": nn.GRUCell}
CONV = {1: nn.Conv1D, 2: nn.Conv2D, 3: nn.Conv3D}


def configs():
    yield from recurrent("paddle", list(LAYERS), 60, numLayers=[1, 2, 3], directions=[1, 2])
    yield from recurrent("paddle cells", list(CELLS), 18, bias=[0, 1])
    rng = generator("paddle other")
    for _ in range(8):
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
    for i in range(8):
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
            "bias": flag(rng, 0.7),
            "channelsFirst": True,
        }
    for kind in ("layer-norm", "batch-norm"):
        yield {"kind": kind, "features": size(rng), "scale": 1, "offset": 1}
    for _ in range(6):
        heads = rng.randint(1, 4)
        embed = heads * size(rng, 8)
        yield {
            "kind": "multi-head-attention",
            "querySize": embed,
            "keySize": size(rng),
            "valueSize": size(rng),
            "numHeads": heads,
            "keyDim": embed // heads,
            "valueDim": embed // heads,
            "outputSize": embed,
            "bias": 1,
        }


def build(c):
    kind = c["kind"]
    if kind in LAYERS:
        more = {"proj_size": c["projSize"]} if "projSize" in c else {}
        direction = "bidirect" if c.get("directions") == 2 else "forward"
        return LAYERS[kind](c["inputSize"], c["hiddenSize"], c.get("numLayers", 1), direction=direction, **more)
    bias = {} if c.get("bias", 1) else {"bias_attr": False}
    if kind in CELLS:
        # Without its biases a cell still holds the tensors, as zeros that do not train.
        none = {} if c["bias"] else {"bias_ih_attr": False, "bias_hh_attr": False}
        return CELLS[kind](c["inputSize"], c["hiddenSize"], **none)
    if kind == "dense":
        return nn.Linear(c["inputSize"], c["outputSize"], **bias)
    if kind == "embedding":
        return nn.Embedding(c["vocabularySize"], c["embeddingSize"])
    if kind == "conv":
        return CONV[len(c["kernelSize"])](
            c["inputChannels"], c["outputChannels"], c["kernelSize"], groups=c["groups"], **bias
        )
    if kind == "multi-head-attention":
        return nn.MultiHeadAttention(c["querySize"], c["numHeads"], kdim=c["keySize"], vdim=c["valueSize"])
    return nn.LayerNorm(c["features"]) if kind == "layer-norm" else nn.BatchNorm1D(c["features"])


def projected(layer, c):
    """Parameters by cell. With a projection Paddle's own flat names (`weight_ih_l1`) slip by one tensor per cell, so that a name
    holds another tensor's shape; the cells themselves name theirs right."""
    for i in range(c["numLayers"]):
        two = c["directions"] == 2
        cells = [("", layer[i].cell_fw), ("_reverse", layer[i].cell_bw)] if two else [("", layer[i].cell)]
        for suffix, cell in cells:
            for name, p in cell.named_parameters():
                yield f"{name}_l{i}{suffix}", p


def ask(c):
    layer = build(c)
    named = list(projected(layer, c) if "projSize" in c else layer.named_parameters())
    return row(
        c,
        [(name, p.shape) for name, p in named],
        sum(p.size for p in layer.parameters()),
        sum(p.size for p in layer.parameters() if not p.stop_gradient),
        frozen=[name for name, p in named if p.stop_gradient],
        # The state of the dropout's random numbers is no tensor of the model.
        buffers=[[n, list(b.shape)] for n, b in layer.named_buffers() if n != "_dropout_state"],
    )


write("paddle", "paddle", {"paddlepaddle": paddle.__version__}, [ask(c) for c in distinct(configs())])
