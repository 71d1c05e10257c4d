"""Asks the real Keras for parameter counts and output shapes of many models.

Run with: KERAS_BACKEND=jax python test/golden/keras_graphs.py > test/golden/keras_graphs.json
Keras 3.15.1 made the committed file. The seed is fixed, so that a run gives the same models again.
"""

import json
import os
import random
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras  # noqa: E402
from keras import layers  # noqa: E402

rng = random.Random(20251123)


def pick(*xs):
    return rng.choice(xs)


def recurrent(**extra):
    units = rng.randint(1, 9)
    common = dict(use_bias=pick(True, True, False), **extra)
    kind = pick("rnn", "lstm", "gru", "gru_before", "cell", "stack")
    if kind == "rnn":
        return layers.SimpleRNN(units, **common)
    if kind == "lstm":
        return layers.LSTM(units, **common)
    if kind == "gru":
        return layers.GRU(units, **common)
    if kind == "gru_before":
        return layers.GRU(units, reset_after=False, **common)
    if kind == "cell":
        cell = pick(layers.LSTMCell, layers.GRUCell, layers.SimpleRNNCell)(units)
        return layers.RNN(cell, **extra)
    cells = [pick(layers.LSTMCell, layers.GRUCell, layers.SimpleRNNCell)(rng.randint(1, 5)) for _ in range(rng.randint(2, 3))]
    return layers.RNN(cells, **extra)


def step(x):
    """One random layer that fits x; returns the new tensor."""
    rank = len(x.shape)
    fixed = all(d is not None for d in x.shape[1:])
    if rank == 2:
        return pick(
            lambda: layers.Dense(rng.randint(1, 7), use_bias=pick(True, False))(x),
            lambda: layers.BatchNormalization(center=pick(True, False), scale=pick(True, False))(x),
            lambda: layers.LayerNormalization()(x),
            lambda: layers.Dropout(0.5)(x),
            lambda: layers.RepeatVector(rng.randint(2, 4))(x),
            lambda: layers.PReLU()(x),
            lambda: layers.Reshape((-1, 1))(x),
            lambda: layers.Normalization()(x),
            lambda: layers.UnitNormalization()(x),
            lambda: layers.Activation("relu")(x),
        )()
    if rank == 3:
        c = x.shape[-1]
        options = [
            lambda: recurrent(return_sequences=pick(True, False))(x),
            lambda: recurrent(return_sequences=True)(x),
            lambda: layers.Bidirectional(recurrent(return_sequences=pick(True, False)), merge_mode=pick("concat", "sum", "ave", "mul"))(x),
            lambda: layers.TimeDistributed(layers.Dense(rng.randint(1, 6)))(x),
            lambda: layers.Dense(rng.randint(1, 7))(x),
            lambda: layers.EinsumDense("...x,xy->...y", output_shape=5, bias_axes=pick("y", None))(x),
            lambda: layers.EinsumDense("abc,cde->abde", output_shape=(None, 2, 3), bias_axes=pick("de", "e", None))(x),
            lambda: layers.Conv1D(rng.randint(1, 6), rng.randint(1, 3), strides=pick(1, 2), padding=pick("same", "causal"))(x),
            lambda: layers.Conv1D(2 * c, 2, groups=c, padding="same")(x),
            lambda: layers.SeparableConv1D(rng.randint(1, 5), 2, depth_multiplier=pick(1, 2), padding="same")(x),
            lambda: layers.DepthwiseConv1D(2, depth_multiplier=pick(1, 2), padding="same")(x),
            lambda: layers.Conv1DTranspose(rng.randint(1, 5), rng.randint(1, 4), strides=pick(1, 2, 3), padding=pick("same", "valid"))(x),
            lambda: layers.MultiHeadAttention(pick(1, 2, 3), rng.randint(1, 5), value_dim=pick(None, 3), use_bias=pick(True, False), output_shape=pick(None, 7))(x, x),
            lambda: layers.GroupQueryAttention(rng.randint(1, 4), 4, 2)(x, x),
            lambda: layers.Attention(use_scale=pick(True, False), score_mode=pick("dot", "concat"))([x, x]),
            lambda: layers.AdditiveAttention(use_scale=pick(True, False))([x, x]),
            lambda: layers.GlobalAveragePooling1D(keepdims=pick(True, False))(x),
            lambda: layers.GlobalMaxPooling1D()(x),
            lambda: layers.BatchNormalization()(x),
            lambda: layers.LayerNormalization()(x),
            lambda: layers.LayerNormalization(rms_scaling=True)(x),
            lambda: layers.RMSNormalization()(x),
            lambda: layers.GroupNormalization(groups=-1)(x),
            lambda: layers.SpectralNormalization(layers.Dense(4))(x),
            lambda: layers.ZeroPadding1D(pick(1, (1, 2)))(x),
            lambda: layers.UpSampling1D(rng.randint(2, 3))(x),
            lambda: layers.SpatialDropout1D(0.2)(x),
            lambda: layers.Masking()(x),
            lambda: layers.Concatenate()([x, layers.Dense(3)(x)]),
            lambda: layers.Add()([x, layers.Dense(c)(x)]),
            lambda: layers.Multiply()([x, layers.Dense(1)(x)]),
            lambda: layers.PReLU(shared_axes=[1])(x),
            lambda: layers.Normalization(axis=-1)(x),
        ]
        if fixed:
            options += [
                lambda: layers.Flatten()(x),
                lambda: layers.Permute((2, 1))(x),
                lambda: layers.Reshape((x.shape[1], c, 1))(x),
                lambda: layers.PReLU()(x),
                lambda: layers.Dot(axes=(1, 1))([x, x]),
            ]
            if x.shape[1] >= 4:
                options += [
                    lambda: layers.MaxPooling1D(2, strides=pick(None, 1, 3), padding=pick("same", "valid"))(x),
                    lambda: layers.AveragePooling1D(3, padding=pick("same", "valid"))(x),
                    lambda: layers.Cropping1D(pick(1, (1, 2)))(x),
                    lambda: layers.Conv1D(3, 3, dilation_rate=pick(1, 2) if x.shape[1] >= 5 else 1)(x) if x.shape[1] >= 5 else layers.Conv1D(3, 3)(x),
                ]
        return pick(*options)()
    if rank == 4:
        options = [
            lambda: layers.Conv2D(rng.randint(1, 5), pick(1, 2, (2, 3)), strides=pick(1, 2, (1, 2)), padding="same")(x),
            lambda: layers.DepthwiseConv2D(2, padding="same")(x),
            lambda: layers.SeparableConv2D(3, 2, padding="same")(x),
            lambda: layers.Conv2DTranspose(rng.randint(1, 4), pick(2, 3, (2, 3)), strides=pick(1, 2), padding=pick("same", "valid"))(x),
            lambda: layers.GlobalAveragePooling2D()(x),
            lambda: layers.BatchNormalization()(x),
            lambda: layers.UpSampling2D((1, 2))(x),
            lambda: layers.ZeroPadding2D(pick(1, (1, 2), ((1, 0), (2, 1))))(x),
            lambda: layers.TimeDistributed(layers.LSTM(rng.randint(1, 5)))(x),
            lambda: layers.TimeDistributed(layers.Conv1D(3, 2, padding="same"))(x),
            lambda: layers.TimeDistributed(layers.Flatten())(x),
            lambda: layers.TimeDistributed(layers.Bidirectional(layers.GRU(3)))(x),
            lambda: layers.ConvLSTM1D(rng.randint(1, 4), pick(1, 2), padding="same", return_sequences=pick(True, False))(x),
            lambda: layers.Bidirectional(layers.ConvLSTM1D(2, 2, padding="same", return_sequences=True))(x),
            lambda: layers.Dense(3)(x),
            lambda: layers.Reshape((-1, x.shape[-1]))(x),
        ]
        if all(d >= 4 for d in x.shape[1:3]):
            options += [
                lambda: layers.MaxPooling2D(pick(2, (2, 1)))(x),
                lambda: layers.Cropping2D(pick(1, (1, 0), ((1, 0), (0, 1))))(x),
                lambda: layers.Conv2D(3, 3, use_bias=False)(x),
            ]
        return pick(*options)()
    options = [
        lambda: layers.Conv3D(2, 2, padding="same")(x),
        lambda: layers.ConvLSTM2D(rng.randint(1, 4), pick(1, 2, (1, 2)), padding="same", return_sequences=pick(True, False), use_bias=pick(True, False))(x),
        lambda: layers.TimeDistributed(layers.Conv2D(3, 2, padding="same"))(x),
        lambda: layers.TimeDistributed(layers.GlobalAveragePooling2D())(x),
        lambda: layers.GlobalMaxPooling3D()(x),
        lambda: layers.MaxPooling3D(2, padding="same")(x),
        lambda: layers.Conv3DTranspose(2, 2, strides=2)(x),
        lambda: layers.BatchNormalization()(x),
        lambda: layers.TimeDistributed(layers.Flatten())(x),
    ]
    return pick(*options)()


def start():
    kind = pick("tokens", "tokens", "sequence", "open", "image", "video", "flat")
    if kind == "tokens":
        i = keras.Input((pick(None, 6),))
        return i, layers.Embedding(rng.randint(2, 30), rng.randint(1, 8), mask_zero=False)(i)
    if kind == "sequence":
        i = keras.Input((rng.randint(4, 8), rng.randint(1, 5)))
    elif kind == "open":
        i = keras.Input((None, rng.randint(1, 5)))
    elif kind == "image":
        i = keras.Input((rng.randint(4, 8), rng.randint(4, 8), rng.randint(1, 3)))
    elif kind == "video":
        i = keras.Input((rng.randint(2, 3), 5, 4, 2), batch_size=pick(None, 3))
    else:
        i = keras.Input((rng.randint(1, 6),))
    return i, i


def size(x):
    n = 1
    for d in x.shape[1:]:
        n *= d or 1
    return n


def random_model():
    inputs, outputs = [], []
    for _ in range(pick(1, 1, 1, 2)):
        i, x = start()
        for _ in range(rng.randint(1, 5)):
            if len(x.shape) > 5 or size(x) > 4000:
                break
            x = step(x)
        inputs.append(i)
        outputs.append(x)
    if len(outputs) == 2 and all(len(o.shape) == 2 for o in outputs):
        outputs = [layers.Dense(2)(layers.concatenate(outputs))]
    return keras.Model(inputs, outputs)


def corner_cases():
    yield "keras-io bidirectional_lstm_imdb", keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(20000, 128),
            layers.Bidirectional(layers.LSTM(64, return_sequences=True)),
            layers.Bidirectional(layers.LSTM(64)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    i = keras.Input((None, 4))
    yield "return_state", keras.Model(i, layers.Dense(2)(layers.Concatenate()(layers.LSTM(3, return_state=True)(i))))
    yield "bidirectional return_state", keras.Model(
        i, layers.Dense(2)(layers.Concatenate()(layers.Bidirectional(layers.LSTM(3, return_state=True))(i)))
    )
    yield "merge_mode none", keras.Model(i, layers.Add()(layers.Bidirectional(layers.GRU(3), merge_mode=None)(i)))
    yield "backward_layer", keras.Model(
        i, layers.Bidirectional(layers.LSTM(3, return_sequences=True), backward_layer=layers.GRU(3, go_backwards=True, return_sequences=True))(i)
    )
    enc_in = keras.Input((None, 7))
    _, h, c = layers.LSTM(5, return_state=True)(enc_in)
    dec_in = keras.Input((None, 9))
    seq, _, _ = layers.LSTM(5, return_sequences=True, return_state=True)(dec_in, initial_state=[h, c])
    yield "encoder decoder", keras.Model([enc_in, dec_in], layers.Dense(9)(seq))
    shared = layers.LSTM(6)
    a, b = keras.Input((4, 3)), keras.Input((5, 3))
    yield "shared layer", keras.Model([a, b], layers.Subtract()([shared(a), shared(b)]))
    inner = keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(4, 3), layers.GlobalMaxPooling2D()], name="frame")
    v = keras.Input((None, 6, 6, 1))
    yield "time distributed model", keras.Model(v, layers.GRU(5)(layers.TimeDistributed(inner)(v)))
    f = keras.Model(i, layers.Dense(3)(layers.LSTM(4)(i)), name="tower")
    j, k = keras.Input((None, 4)), keras.Input((None, 4))
    yield "nested model twice", keras.Model([j, k], layers.Concatenate()([f(j), f(k)]))
    frozen = layers.Embedding(50, 8, trainable=False)
    t = keras.Input((None,))
    yield "frozen embedding", keras.Model(t, layers.LSTM(4)(frozen(t)))
    g = keras.Sequential([keras.Input((None, 4)), layers.LSTM(3), layers.BatchNormalization()])
    g.trainable = False
    yield "frozen model", keras.Model(i, layers.Dense(2)(g(i)))
    yield "unbuilt length", keras.Sequential([keras.Input((10, 3)), layers.Flatten(), layers.Dense(4)])
    yield "channels_first", keras.Sequential(
        [keras.Input((3, 8, 9)), layers.Conv2D(4, 3, data_format="channels_first"), layers.MaxPooling2D(2, data_format="channels_first"), layers.BatchNormalization(axis=1)]
    )
    yield "spectral embedding", keras.Sequential([keras.Input((5,)), layers.SpectralNormalization(layers.Embedding(11, 4))])
    yield "gate", keras.Model(i, layers.MultiHeadAttention(2, 3, use_gate=True)(i, i))
    yield "category encoding", keras.Sequential([keras.Input((1,), dtype="int32"), layers.CategoryEncoding(6, output_mode="one_hot"), layers.Dense(2)])


# Fields that say nothing about sizes, left out to keep the file small.
NOISE = ("_initializer", "_regularizer", "_constraint")
NOISE_NAMES = {"dtype", "registered_name", "build_config", "compile_config", "seed", "activity_regularizer"}


def slim(x):
    if isinstance(x, list):
        return [slim(v) for v in x]
    if isinstance(x, dict):
        return {k: slim(v) for k, v in x.items() if k not in NOISE_NAMES and not k.endswith(NOISE)}
    return x


def describe(name, model):
    return {
        "name": name,
        "config": slim(json.loads(model.to_json())),
        "total": model.count_params(),
        "trainable": sum(int(keras.ops.size(w)) for w in model.trainable_weights),
        "outputs": [list(o.shape) for o in model.outputs],
        "layers": [
            {"name": l.name, "class": type(l).__name__, "params": l.count_params()} for l in model.layers
        ],
    }


def main():
    cases = [describe(n, m) for n, m in corner_cases()]
    tries = 0
    while len(cases) < 400 and tries < 2000:
        tries += 1
        try:
            cases.append(describe(f"random {tries}", random_model()))
        except Exception as error:  # a combination that Keras itself refuses
            print(tries, type(error).__name__, str(error).splitlines()[0][:100], file=sys.stderr)
    json.dump({"keras": keras.__version__, "cases": cases}, sys.stdout, separators=(",", ":"))


main()
