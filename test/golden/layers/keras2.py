"""Asks Keras 2 (tf_keras) for the weights of generated layers: its defaults of before 2.4, its cuDNN layers and the
cells of TensorFlow 1. Pinned to tf_keras 2.21.0."""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tf_keras
from tf_keras.src.layers.rnn import cudnn_gru, cudnn_lstm, gru_v1, legacy_cells, lstm_v1

from common import distinct, row, write
from draws import dense_and_friends, recurrent

layers = tf_keras.layers
LAYERS = {"rnn": layers.SimpleRNN, "lstm": lstm_v1.LSTM, "gru": gru_v1.GRU}
CUDNN = {"lstm": cudnn_lstm.CuDNNLSTM, "gru": cudnn_gru.CuDNNGRU}
CUDNN_NAMES = {"lstm": "CuDNNLSTM", "gru": "CuDNNGRU"}
TF1 = {
    "rnn-cell": legacy_cells.BasicRNNCell,
    "lstm-cell": legacy_cells.LSTMCell,
    "gru-cell": legacy_cells.GRUCell,
}


def keras_configs():
    yield from recurrent("keras2", list(LAYERS), 36, bias=[0, 1], directions=[1, 2])
    yield from recurrent("keras2 reset", ["gru"], 10, resetAfter=[0, 1], bias=[0, 1])
    for kind, name in CUDNN_NAMES.items():
        yield from recurrent(f"keras2 {name}", [kind], 8, typeName=[name])
    for c in dense_and_friends("keras2"):
        if c["kind"] in ("dense", "embedding", "layer-norm", "batch-norm"):
            yield c


def ask_keras(c):
    kind = c["kind"]
    shape = (2, 5, c.get("inputSize", 1))
    if kind in LAYERS:
        more = {"reset_after": bool(c["resetAfter"])} if "resetAfter" in c else {}
        layer = (
            CUDNN[kind](c["hiddenSize"])
            if "typeName" in c
            else LAYERS[kind](c["hiddenSize"], use_bias=bool(c["bias"]), **more)
        )
        if c.get("directions") == 2:
            layer = layers.Bidirectional(layer)
    elif kind == "dense":
        layer, shape = layers.Dense(c["outputSize"], use_bias=bool(c["bias"])), (2, c["inputSize"])
    elif kind == "embedding":
        layer, shape = layers.Embedding(c["vocabularySize"], c["embeddingSize"]), (2, 3)
    else:
        table = {"layer-norm": layers.LayerNormalization, "batch-norm": layers.BatchNormalization}
        layer, shape = table[kind](), (2, c["features"])
    layer.build(shape)
    frozen = {w.name for w in layer.non_trainable_weights}
    if isinstance(layer, layers.Bidirectional):
        halves = (("forward/", layer.forward_layer), ("backward/", layer.backward_layer))
        tensors = [(prefix + last(w), w.shape) for prefix, half in halves for w in half.weights]
    else:
        tensors = [(last(w), w.shape) for w in layer.weights]
    return row(
        c,
        tensors,
        layer.count_params(),
        sum(w.numpy().size for w in layer.trainable_weights),
        frozen=[last(w) for w in layer.weights if w.name in frozen],
    )


def last(weight):
    return weight.name.split("/")[-1].split(":")[0]


def tf1_configs():
    yield from recurrent("tf1", ["rnn-cell", "gru-cell"], 20)
    yield from recurrent("tf1 lstm", ["lstm-cell"], 24, peepholes=[0, 1], projSize=[0, 3, 7])


def ask_tf1(c):
    if c["kind"] == "lstm-cell":
        cell = TF1["lstm-cell"](
            c["hiddenSize"], use_peepholes=bool(c.get("peepholes", 0)), num_proj=c.get("projSize") or None
        )
    else:
        cell = TF1[c["kind"]](c["hiddenSize"])
    cell.build((2, c["inputSize"]))
    # Variables lie under the cell's own name: `gru_cell/gates/kernel:0`.
    names = [w.name.split(":")[0].split("/") for w in cell.weights]
    tensors = [("/".join(n[1:] if "_cell" in n[0] else n), w.shape) for n, w in zip(names, cell.weights)]
    return row(c, tensors, cell.count_params(), cell.count_params())


keras2 = distinct(keras_configs())
write("keras2", "keras2", {"tf_keras": tf_keras.__version__}, [ask_keras(c) for c in keras2])
tf1 = distinct(tf1_configs())
write("tf1", "tf1", {"tf_keras": tf_keras.__version__}, [ask_tf1(c) for c in tf1])
