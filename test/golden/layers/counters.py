"""Asks torchinfo, thop and ptflops what they print as multiply-accumulates of PyTorch's recurrent layers. Their versions and
that of torch are in the file."""

import contextlib
import io
import json
import warnings
from importlib.metadata import version

import thop
import torch
import torchinfo
from ptflops import get_model_complexity_info
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

from common import HERE, SEED, distinct, flag, generator, size

warnings.filterwarnings("ignore")
LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
CELLS = {"rnn-cell": nn.RNNCell, "lstm-cell": nn.LSTMCell, "gru-cell": nn.GRUCell}


def configs():
    rng = generator("counters")
    for kind in LAYERS:
        for layers, directions, bias in ((1, 1, 1), (2, 2, 1), (1, 1, 0), (3, 1, 0)):
            yield draw(rng, kind, numLayers=layers, directions=directions, bias=bias)
        yield draw(rng, kind, numLayers=1, directions=1, bias=1, unbatched=1)
        yield draw(rng, kind, numLayers=2, directions=2, bias=1, unbatched=1)
        for _ in range(4):
            yield draw(rng, kind, numLayers=rng.randint(1, 3), directions=rng.randint(1, 2), bias=flag(rng))
    for layers, directions in ((1, 1), (2, 1), (2, 2)):
        yield draw(rng, "lstm", numLayers=layers, directions=directions, bias=1, projSize=3)
    for kind in CELLS:
        yield draw(rng, kind, bias=0)
        yield draw(rng, kind, bias=1)
    for kind in LAYERS:
        yield draw(rng, kind, numLayers=1, directions=1, bias=1, lengths=[5, 3, 1])
        yield draw(rng, kind, numLayers=2, directions=2, bias=1, lengths=[5, 5, 2])
    yield draw(rng, "lstm", numLayers=1, directions=1, bias=1, projSize=3, lengths=[5, 3, 1])


def draw(rng, kind, **more):
    return {"kind": kind, "inputSize": size(rng, 32), "hiddenSize": 4 + size(rng, 32), **more}


def build(c):
    bias = {"bias": bool(c["bias"])}
    if c["kind"] in CELLS:
        return CELLS[c["kind"]](c["inputSize"], c["hiddenSize"], **bias)
    more = {"proj_size": c["projSize"]} if "projSize" in c else {}
    return LAYERS[c["kind"]](
        c["inputSize"], c["hiddenSize"], c["numLayers"], bidirectional=c["directions"] == 2, **bias, **more
    )


class Wrapped(nn.Module):
    """ptflops sees a layer's input only where another module passes it on."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, sequence):
        return self.layer(sequence)


class Packed(nn.Module):
    """The layer on a packed batch. torchinfo and thop find their input by a forward pass, which starts from a tensor."""

    def __init__(self, layer, lengths):
        super().__init__()
        self.layer = layer
        self.lengths = lengths

    def forward(self, sequence):
        return self.layer(pack_padded_sequence(sequence, self.lengths))[0].data


def ask_packed(c):
    """ptflops raises AttributeError on a PackedSequence: it prints nothing."""
    x = torch.zeros(5, 3, c["inputSize"])
    model = Packed(build(c), c["lengths"])
    printed = {"torchinfo": torchinfo.summary(model, input_data=x, verbose=0).total_mult_adds}
    printed["thop"] = thop.profile(Packed(build(c), c["lengths"]), inputs=(x,), verbose=False)[0]
    return {"config": c, "input": list(x.shape), "prints": {k: int(v) for k, v in printed.items()}}


def ask(c):
    if "lengths" in c:
        return ask_packed(c)
    steps, batch = 5, 3
    shape = (batch, c["inputSize"]) if c["kind"] in CELLS else (steps, batch, c["inputSize"])
    if c.get("unbatched"):
        shape = (steps, c["inputSize"])
    x = torch.zeros(shape)
    printed = {"torchinfo": torchinfo.summary(build(c), input_data=x, verbose=0).total_mult_adds}
    with contextlib.redirect_stdout(io.StringIO()):
        printed["thop"] = int(thop.profile(build(c), inputs=(x,), verbose=False)[0])
        printed["ptflops"] = get_model_complexity_info(
            Wrapped(build(c)),
            (1,),
            input_constructor=lambda _: {"sequence": x},
            as_strings=False,
            print_per_layer_stat=False,
            verbose=False,
            backend="pytorch",
        )[0]
    return {"config": c, "input": list(shape), "prints": {k: int(v) for k, v in printed.items()}}


rows = [ask(c) for c in distinct(configs())]
versions = {name: version(name) for name in ("torch", "torchinfo", "thop", "ptflops")}
head = json.dumps({"versions": versions, "seed": SEED})
body = ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows)
(HERE / "counters" / "printed.json").write_text(f'{head[:-1]}, "rows": [\n{body}\n]}}\n')
print(f"counters: {len(rows)} rows")
