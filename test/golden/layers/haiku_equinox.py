"""Asks Haiku and Equinox for the parameters of generated recurrent layers. Pinned to dm-haiku 0.0.17 and equinox 0.13.8."""

import os

os.environ["JAX_PLATFORMS"] = "cpu"
import equinox as eqx
import haiku as hk
import jax
import jax.numpy as jnp

from common import distinct, row, write
from draws import dense_and_friends, recurrent

CORES = {"rnn": hk.VanillaRNN, "lstm": hk.LSTM, "gru": hk.GRU}
CELLS = {"lstm-cell": eqx.nn.LSTMCell, "gru-cell": eqx.nn.GRUCell}


def ask_haiku(c):
    def forward(x):
        if c["kind"] == "dense":
            return hk.Linear(c["outputSize"], with_bias=bool(c["bias"]))(x)
        core = CORES[c["kind"]](c["hiddenSize"])
        return core(x, core.initial_state(x.shape[0]))

    params = hk.transform(forward).init(jax.random.key(0), jnp.zeros((2, c["inputSize"])))
    # The module's own name comes first: `lstm/linear` and `w`.
    tensors = [
        ("/".join([*module.split("/")[1:], name]), x.shape)
        for module, values in params.items()
        for name, x in values.items()
    ]
    total = hk.data_structures.tree_size(params)
    return row(c, tensors, total, total)


def ask_equinox(c):
    key = jax.random.key(0)
    if c["kind"] == "dense":
        layer = eqx.nn.Linear(c["inputSize"], c["outputSize"], use_bias=bool(c["bias"]), key=key)
    else:
        layer = CELLS[c["kind"]](c["inputSize"], c["hiddenSize"], use_bias=bool(c["bias"]), key=key)
    arrays = eqx.filter(layer, eqx.is_array)
    tensors = [
        (name, x.shape) for name, x in ((f, getattr(arrays, f)) for f in arrays.__dataclass_fields__) if eqx.is_array(x)
    ]
    total = sum(x.size for x in jax.tree.leaves(arrays))
    return row(c, tensors, total, total)


def dense(salt):
    return [c for c in dense_and_friends(salt) if c["kind"] == "dense"]


haiku = [*recurrent("haiku", list(CORES), 36), *dense("haiku")]
write("haiku", "haiku", {"dm-haiku": hk.__version__}, [ask_haiku(c) for c in distinct(haiku)])
equinox = [*recurrent("equinox", list(CELLS), 30, bias=[0, 1]), *dense("equinox")]
write("equinox", "equinox", {"equinox": eqx.__version__}, [ask_equinox(c) for c in distinct(equinox)])
