"""The random numbers and initial weights of src/gradient, made a second time: same seeds, same numbers.

Streams count: draw i of a stream is a hash of (key, i). See src/gradient/random.ts for the definition.
"""

import math

import numpy as np

U32 = np.uint32
TRUNCATED_STD = 0.87962566103423978


def mix(x):
    x = np.asarray(x, dtype=U32)
    with np.errstate(over="ignore"):
        x = x ^ (x >> U32(16))
        x = x * U32(0x7FEB352D)
        x = x ^ (x >> U32(15))
        x = x * U32(0x846CA68B)
        return x ^ (x >> U32(16))


class Stream:
    def __init__(self, seed, name):
        self.seed, self.name = seed, name
        h = 0x811C9DC5
        for ch in name:
            h = ((h ^ ord(ch)) * 0x01000193) & 0xFFFFFFFF
        self.key = int(mix((int(mix(seed & 0xFFFFFFFF)) + h) & 0xFFFFFFFF))

    def fork(self, part):
        return Stream(self.seed, f"{self.name}.{part}")

    def uniform(self, i, attempt=0):
        i = np.asarray(i, dtype=U32)
        add = U32((self.key + attempt * 0x9E3779B9) & 0xFFFFFFFF)
        with np.errstate(over="ignore"):
            return (mix(mix(i) + add).astype(np.float64) + 0.5) / 4294967296.0

    def normal(self, i, attempt=0):
        i = np.asarray(i, dtype=np.int64)
        even = i & ~1
        radius = np.sqrt(-2 * np.log(self.uniform(even, attempt)))
        angle = 2 * np.pi * self.uniform(even + 1, attempt)
        return np.where(i & 1 == 0, radius * np.cos(angle), radius * np.sin(angle))

    def truncated_normal(self, i):
        i = np.asarray(i, dtype=np.int64)
        out = self.normal(i)
        attempt = 0
        while (np.abs(out) > 2).any():
            attempt += 1
            bad = np.abs(out) > 2
            out[bad] = self.normal(i[bad], attempt)
        return out


def orthogonal(stream, rows, cols):
    count, length = min(rows, cols), max(rows, cols)
    vectors = stream.normal(np.arange(count * length)).reshape(count, length)
    q, r = np.linalg.qr(vectors.T)
    q = (q * np.sign(np.diag(r))).T
    return q if rows <= cols else q.T


def draw(d, stream, rows, cols, fan_in, fan_out, widen=True):
    """A [rows, cols] matrix of distribution d (a tuple: kind, then its parameters)."""
    i = np.arange(rows * cols)
    kind = d[0]
    if kind == "uniform":
        flat = d[1] + (d[2] - d[1]) * stream.uniform(i)
    elif kind == "normal":
        flat = d[1] + d[2] * stream.normal(i)
    elif kind == "truncated":
        flat = d[1] + d[2] * stream.truncated_normal(i)
    elif kind == "constant":
        flat = np.full(rows * cols, float(d[1]))
    elif kind == "orthogonal":
        return d[1] * orthogonal(stream, rows, cols)
    elif kind == "identity":
        return d[1] * np.eye(rows, cols)
    elif kind == "variance":
        _, scale, mode, shape = d
        fan = {"in": fan_in, "out": fan_out, "average": (fan_in + fan_out) / 2}[mode]
        variance = scale / max(1, fan)
        if shape == "uniform":
            limit = math.sqrt(3 * variance)
            flat = limit * (2 * stream.uniform(i) - 1)
        elif shape == "normal":
            flat = math.sqrt(variance) * stream.normal(i)
        else:
            flat = math.sqrt(variance) / (TRUNCATED_STD if widen else 1) * stream.truncated_normal(i)
    return flat.reshape(rows, cols)


ZEROS = ("constant", 0)
GLOROT_UNIFORM = ("variance", 1, "average", "uniform")
GLOROT_NORMAL = ("variance", 1, "average", "truncated")
LECUN_NORMAL = ("variance", 1, "in", "truncated")
NAMED = {
    "glorot_uniform": GLOROT_UNIFORM,
    "he_normal": ("variance", 2, "in", "truncated"),
    "xavier_uniform_": GLOROT_UNIFORM,
    "kaiming_normal_": ("variance", 2, "in", "normal"),
    "orthogonal": ("orthogonal", 1),
    "orthogonal_": ("orthogonal", 1),
    "zeros": ZEROS,
    "normal_(0, 0.1)": ("normal", 0, 0.1),
    "uniform_(-0.1, 0.1)": ("uniform", -0.1, 0.1),
    "uniform_(-3, 3)": ("uniform", -3, 3),
}


def by_hidden(hidden):
    limit = 1 / math.sqrt(hidden)
    return ("uniform", -limit, limit)


def defaults(spec, inputs, hidden, outputs, gates):
    """kernel, recurrent, bias, projection, number of bias vectors, recurrent by gate, kernel fan-out, widen, gate bias"""
    framework, cell = spec["framework"], spec["cell"]
    wide, u = gates * hidden, by_hidden(hidden)
    if framework in ("pytorch", "paddle", "mindspore", "equinox"):
        return u, u, u, u, 1 if framework == "equinox" else 2, False, wide, True, None
    if framework == "mxnet":
        m = ("uniform", -0.07, 0.07)
        return m, m, ZEROS, m, 2, False, wide, True, None
    keras_bias = [0, 1, 0, 0] if cell == "lstm" else None
    orth = ("orthogonal", 1)
    if framework in ("keras", "keras2"):
        return GLOROT_UNIFORM, orth, ZEROS, orth, 1, False, wide, True, keras_bias
    if framework == "tfjs":
        return GLOROT_NORMAL, orth, ZEROS, orth, 1, False, wide, False, None
    if framework in ("flax-linen", "flax-nnx"):
        by_gate = not (framework == "flax-nnx" and cell == "gru")
        return LECUN_NORMAL, orth, ZEROS, orth, 1, by_gate, hidden, True, None
    if framework == "tf1":
        columns = 2 * hidden if gates == 3 else wide
        limit = math.sqrt(6 / (inputs + outputs + columns))
        g = ("uniform", -limit, limit)
        bias = {"lstm": [0, 1, 0, 0], "gru": [1, 1, 0], "rnn": None}[cell]
        return g, g, ZEROS, GLOROT_UNIFORM, 1, False, wide, True, bias
    if framework == "haiku":
        def weight(own):
            fan = inputs + outputs if gates == 4 else own
            return ("truncated", 0, (1 / TRUNCATED_STD if gates == 3 else 1) / math.sqrt(fan))
        return weight(inputs), weight(outputs), ZEROS, weight(outputs), 1, False, wide, True, keras_bias
    raise ValueError(framework)


def weights(spec, layer, direction, inputs, seed):
    """kernel [inputs, gates·H], recurrent [R, gates·H], bias, recurrent bias [H] or None, projection [H, R] or None."""
    cell, hidden, init = spec["cell"], spec["hiddenSize"], spec["initialiser"]
    gates = {"rnn": 1, "lstm": 4, "gru": 3}[cell]
    outputs = spec["projSize"] or hidden
    wide = gates * hidden
    d_kernel, d_rec, d_bias, d_proj, vectors, by_gate, fan_out, widen, gate_bias = defaults(
        spec, inputs, hidden, outputs, gates
    )
    named = init["initialisers"] if init["kind"] == "named" else {}
    d_kernel = NAMED[named["kernel"]] if "kernel" in named else d_kernel
    d_rec = NAMED[named["recurrentKernel"]] if "recurrentKernel" in named else d_rec
    d_bias = NAMED[named["bias"]] if "bias" in named else d_bias
    if init["kind"] == "orthogonal":
        d_rec, by_gate = ("orthogonal", init["gain"]), True
    if init["kind"] == "identity":
        d_rec, by_gate = ("identity", init["scale"]), True

    def stream(tensor):
        return Stream(seed, f"{layer}.{direction}.{tensor}")

    kernel = draw(d_kernel, stream("kernel"), inputs, wide, inputs, fan_out, widen)
    if by_gate:
        s = stream("recurrent")
        blocks = [draw(d_rec, s.fork(g), outputs, hidden, outputs, hidden, widen) for g in range(gates)]
        recurrent = np.concatenate(blocks, axis=1)
    else:
        recurrent = draw(d_rec, stream("recurrent"), outputs, wide, outputs, wide, widen)
    if spec["framework"] == "tf1" and cell == "gru":
        both = inputs + outputs
        ratio = math.sqrt((both + 2 * hidden) / (both + hidden))
        kernel[:, 2 * hidden :] *= ratio
        recurrent[:, 2 * hidden :] *= ratio

    own = cell == "gru" and spec["resetAfter"]
    bias, inner = np.zeros(wide), np.zeros(hidden) if own else None
    if spec["bias"] and init["kind"] != "identity":
        bias = draw(d_bias, stream("bias"), 1, wide, wide, wide, widen)[0]
        second = draw(d_bias, stream("recurrent bias"), 1, wide, wide, wide, widen)[0]
        if own:
            inner = second[2 * hidden :].copy()
        if vectors == 1:
            second[:] = 0
        for g, value in enumerate(gate_bias or []):
            bias[g * hidden : (g + 1) * hidden] += value
        if cell in ("lstm", "gru"):
            forget = bias[hidden : 2 * hidden]
            if init["kind"] == "forget-bias":
                forget[:] = init["value"]
            if "forgetBias" in named:
                forget[:] = named["forgetBias"]
            if init["kind"] == "chrono":
                u = stream("chrono").uniform(np.arange(hidden))
                forget[:] = np.log(1 + (max(1, init["maxSteps"] - 1) - 1) * u)
                if cell == "lstm":
                    bias[:hidden] = -forget
        bias[: wide - (hidden if own else 0)] += second[: wide - (hidden if own else 0)]
    projection = None
    if spec["projSize"]:
        projection = draw(d_proj, stream("projection"), hidden, outputs, hidden, outputs, widen)
    return tuple(
        None if w is None else w.astype(np.float32).astype(np.float64)
        for w in (kernel, recurrent, bias, inner, projection)
    )


def inputs(spec, seed):
    """[T, B, I], rounded to float32."""
    shape = (spec["steps"], spec["batch"], spec["inputSize"])
    if spec["input"]["kind"] == "noise":
        x = Stream(seed, "input").normal(np.arange(math.prod(shape))).reshape(shape)
    else:
        x = np.broadcast_to(np.array(spec["input"]["values"][: shape[0]])[:, None, None], shape)
    return x.astype(np.float32).astype(np.float64)


def loss_vector(seed, direction, size):
    v = Stream(seed, f"loss.{direction}").normal(np.arange(size))
    return v / np.linalg.norm(v)
