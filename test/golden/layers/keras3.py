"""Asks Keras 3 for the weights of generated layers. Pinned to keras 3.15.1 on TensorFlow."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
from keras import layers

from common import distinct, flag, generator, row, size, write

RECURRENT = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}
CELLS = {"rnn-cell": layers.SimpleRNNCell, "lstm-cell": layers.LSTMCell, "gru-cell": layers.GRUCell}
CONV = {1: layers.Conv1D, 2: layers.Conv2D, 3: layers.Conv3D}
CONV_T = {1: layers.Conv1DTranspose, 2: layers.Conv2DTranspose, 3: layers.Conv3DTranspose}
DEPTHWISE = {1: layers.DepthwiseConv1D, 2: layers.DepthwiseConv2D}
SEPARABLE = {1: layers.SeparableConv1D, 2: layers.SeparableConv2D}
CONV_LSTM = {1: layers.ConvLSTM1D, 2: layers.ConvLSTM2D, 3: layers.ConvLSTM3D}


def recurrent(rng, kind, **more):
    config = {
        "kind": kind,
        "inputSize": size(rng),
        "hiddenSize": size(rng),
        "bias": flag(rng, 0.8),
        **more,
    }
    if kind.startswith("gru"):
        # Three times out of four as the default has it.
        config.update({} if rng.random() < 0.5 else {"resetAfter": flag(rng)})
    return config


def recurrent_configs():
    rng = generator("recurrent")
    for kind in RECURRENT:
        for bias in (0, 1):
            for merge in (None, "concat", "sum", "mul", "ave", "none"):
                two = {} if merge is None else {"mergeMode": merge}
                directions = 1 if merge is None else 2
                yield {**recurrent(rng, kind, directions=directions, **two), "bias": bias}
    for reset_after in (0, 1):
        for bias in (0, 1):
            yield {**recurrent(rng, "gru"), "resetAfter": reset_after, "bias": bias}
    for _ in range(110):
        yield recurrent(rng, rng.choice(list(RECURRENT)), directions=rng.randint(1, 2))
    for kind in CELLS:
        for _ in range(14):
            yield recurrent(rng, kind)
    for kind in RECURRENT:
        for n in (2, 3):
            yield recurrent(rng, kind, numLayers=n)


def other_configs():
    rng = generator("other")
    for i in range(20):
        yield {"kind": "dense", "inputSize": size(rng), "outputSize": size(rng), "bias": i % 2}
    for _ in range(12):
        yield {"kind": "embedding", "vocabularySize": size(rng, 3000), "embeddingSize": size(rng)}
    for kind, ranks in (("conv", 3), ("conv-transpose", 3), ("depthwise-conv", 2), ("separable-conv", 2)):
        for _ in range(30):
            yield conv(rng, kind, rng.randint(1, ranks))
    for _ in range(24):
        rank = rng.randint(1, 3)
        yield {
            "kind": "conv-lstm",
            "inputChannels": size(rng, 6),
            "filters": size(rng, 6),
            "kernelSize": [rng.randint(1, 4) for _ in range(rank)],
            "directions": rng.randint(1, 2),
            "bias": flag(rng, 0.7),
            "returnSequences": rng.random() < 0.5,
        }
    for i in range(20):
        yield {
            "kind": ["batch-norm", "layer-norm", "group-norm"][i % 3],
            "features": size(rng),
            "scale": flag(rng, 0.7),
            "offset": flag(rng, 0.7),
        }
    for trainable in (True, False):
        yield {"kind": "batch-norm", "features": 7, "scale": 1, "offset": 1, "frozen": not trainable}
        yield {"kind": "dense", "inputSize": 3, "outputSize": 4, "bias": 1, "frozen": not trainable}
    yield {"kind": "rms-norm", "features": 9, "scale": 1, "offset": 0}
    for use_scale in (0, 1):
        yield attention("attention", size(rng), use_scale, concatScore=0)
        yield attention("attention", size(rng), use_scale, concatScore=1)
        yield attention("additive-attention", size(rng), use_scale)
    for i in range(30):
        key = size(rng, 16)
        query = size(rng)
        yield {
            "kind": "multi-head-attention",
            "querySize": query,
            "keySize": size(rng),
            "valueSize": size(rng),
            "numHeads": rng.randint(1, 4),
            "keyDim": key,
            "valueDim": key if i % 2 else size(rng, 16),
            "outputSize": query if i % 3 else size(rng),
            "bias": flag(rng, 0.7),
        }


def attention(kind, width, use_scale, **more):
    same = {"querySize": width, "keySize": width, "valueSize": width, "keyDim": width, "valueDim": width}
    return {"kind": kind, **same, "numHeads": 1, "outputSize": width, "bias": 0, "useScale": use_scale, **more}


def conv(rng, kind, rank):
    groups = rng.choice([1, 1, 2, 3]) if kind == "conv" else 1
    strided = rng.random() < 0.5
    # Keras allows a stride or a dilation, not both; separable layers want equal strides.
    step = rng.randint(1, 3)
    config = {
        "kind": kind,
        "inputChannels": groups * size(rng, 12),
        "outputChannels": groups * size(rng, 12),
        "kernelSize": [rng.randint(1, 5) for _ in range(rank)],
        "stride": [step if strided else 1] * rank,
        "padding": rng.choice(["valid", "same", "causal"] if rank == 1 and kind == "conv" else ["valid", "same"]),
        "dilation": [1 if strided or kind == "conv-transpose" else step] * rank,
        "groups": groups,
        "bias": flag(rng, 0.7),
        "channelsFirst": False,
    }
    if kind in ("depthwise-conv", "separable-conv"):
        config["depthMultiplier"] = rng.randint(1, 3)
    if kind == "depthwise-conv":
        config["outputChannels"] = config["inputChannels"] * config["depthMultiplier"]
    return config


def build(c):
    """The layer, and the shapes it is run on."""
    kind = c["kind"]
    bias = {"use_bias": bool(c.get("bias", 1))}
    if kind in RECURRENT or kind in CELLS:
        more = {"reset_after": bool(c["resetAfter"])} if "resetAfter" in c else {}
        if kind in CELLS:
            return CELLS[kind](c["hiddenSize"], **bias, **more), [(2, c["inputSize"])]
        shape = [(2, 5, c["inputSize"])]
        if "numLayers" in c:
            cell = CELLS[f"{kind}-cell"]
            return layers.RNN([cell(c["hiddenSize"], **bias, **more) for _ in range(c["numLayers"])]), shape
        layer = RECURRENT[kind](c["hiddenSize"], return_sequences=True, **bias, **more)
        if c.get("directions") == 2:
            merge = c.get("mergeMode", "concat")
            return layers.Bidirectional(layer, merge_mode=None if merge == "none" else merge), shape
        return layer, shape
    if kind == "dense":
        return layers.Dense(c["outputSize"], **bias), [(2, c["inputSize"])]
    if kind == "embedding":
        return layers.Embedding(c["vocabularySize"], c["embeddingSize"]), [(2, 3)]
    if kind in ("conv", "conv-transpose", "depthwise-conv", "separable-conv"):
        return build_conv(c, bias)
    if kind == "conv-lstm":
        rank = len(c["kernelSize"])
        layer = CONV_LSTM[rank](
            c["filters"], c["kernelSize"], return_sequences=c["returnSequences"], **bias
        )
        layer = layers.Bidirectional(layer) if c["directions"] == 2 else layer
        return layer, [(2, 3, *[6 + i for i in range(rank)], c["inputChannels"])]
    if kind == "batch-norm":
        return layers.BatchNormalization(center=bool(c["offset"]), scale=bool(c["scale"])), [(2, c["features"])]
    if kind == "layer-norm":
        return layers.LayerNormalization(center=bool(c["offset"]), scale=bool(c["scale"])), [(2, c["features"])]
    if kind == "group-norm":
        layer = layers.GroupNormalization(groups=1, center=bool(c["offset"]), scale=bool(c["scale"]))
        return layer, [(2, c["features"])]
    if kind == "rms-norm":
        return layers.RMSNormalization(), [(2, c["features"])]
    pair = [(2, 4, c["querySize"]), (2, 5, c["valueSize"]), (2, 5, c["keySize"])]
    if kind == "attention":
        mode = "concat" if c["concatScore"] else "dot"
        return layers.Attention(use_scale=bool(c["useScale"]), score_mode=mode), pair[:2]
    if kind == "additive-attention":
        return layers.AdditiveAttention(use_scale=bool(c["useScale"])), pair[:2]
    output = None if c["outputSize"] == c["querySize"] else c["outputSize"]
    layer = layers.MultiHeadAttention(
        c["numHeads"], c["keyDim"], value_dim=c["valueDim"], output_shape=output, **bias
    )
    return layer, pair


def build_conv(c, bias):
    kind = c["kind"]
    rank = len(c["kernelSize"])
    shared = {
        "strides": tuple(c["stride"]),
        "padding": c["padding"],
        "dilation_rate": tuple(c["dilation"]),
        **bias,
    }
    kernel = tuple(c["kernelSize"])
    shape = [(2, *[13 + i for i in range(rank)], c["inputChannels"])]
    if kind == "conv":
        return CONV[rank](c["outputChannels"], kernel, groups=c["groups"], **shared), shape
    if kind == "conv-transpose":
        return CONV_T[rank](c["outputChannels"], kernel, **shared), shape
    multiplier = {"depth_multiplier": c["depthMultiplier"]}
    if kind == "depthwise-conv":
        return DEPTHWISE[rank](kernel, **multiplier, **shared), shape
    return SEPARABLE[rank](c["outputChannels"], kernel, **multiplier, **shared), shape


def named(layer, c):
    """Weights with short names: `forward/…` and `backward/…` for two directions, `cell_0/…` in a stack."""
    if isinstance(layer, layers.Bidirectional):
        halves = (("forward/", layer.forward_layer), ("backward/", layer.backward_layer))
        return [(prefix + w.name, w) for prefix, half in halves for w in half.weights]
    if "numLayers" in c:
        return [
            (f"cell_{i}/{w.name}", w) for i, cell in enumerate(layer.cell.cells) for w in cell.weights
        ]
    if isinstance(layer, layers.MultiHeadAttention):
        return [("/".join(w.path.split("/")[-2:]), w) for w in layer.weights]
    return [(w.name, w) for w in layer.weights]


def ask(c):
    keras.backend.clear_session()
    layer, shapes = build(c)
    if c.get("frozen"):
        layer.trainable = False
    run = {}
    if isinstance(layer, layers.MultiHeadAttention):
        layer.build(query_shape=shapes[0], value_shape=shapes[1], key_shape=shapes[2])
    elif "attention" in c["kind"]:
        layer.build(shapes)
    else:
        layer.build(shapes[0])
        if "conv" in c["kind"]:
            output = layer.compute_output_shape(shapes[0])
            run = {"input": list(shapes[0]), "output": list(output)}
    tensors = named(layer, c)
    frozen = {w.path for w in layer.non_trainable_weights}
    return row(
        c,
        [(name, w.shape) for name, w in tensors],
        layer.count_params(),
        sum(w.numpy().size for w in layer.trainable_weights),
        frozen=[name for name, w in tensors if w.path in frozen],
        **run,
    )


configs = distinct([*recurrent_configs(), *other_configs()])
write("keras3", "keras", {"keras": keras.__version__}, [ask(c) for c in configs])
