"""Asks Flax for the parameter counts of test/fixtures/python-flax.

Run with a Python that has flax 0.12.8 and jax:  JAX_PLATFORMS=cpu python test/golden/python_fixtures_flax.py
Writes python_fixtures_flax.json beside itself: file -> model -> [{total, trainable}].
"""
import importlib.util
import json
import sys
from pathlib import Path

import flax
import jax
import jax.numpy as jnp
from flax import nnx

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / 'fixtures' / 'python-flax'
KEY = jax.random.key(0)

# What the file itself calls each module with.
LINEN = {
    'Classifier': lambda m: (m.Classifier(), jnp.ones((1, 9), jnp.int32)),
    'Forecaster': lambda m: (m.Forecaster(), jnp.ones((1, 20, 5))),
    'MLP': lambda m: (m.MLP([8, 1]), jnp.ones((1, 12))),
    'Shared': lambda m: (m.Shared(), jnp.ones((1, 9), jnp.int32)),
    'Stepwise': lambda m: (m.Stepwise(), jnp.ones((2, 6, 3))),
    'Convolved': lambda m: (m.Convolved(), jnp.zeros((4, 40, 2))),
    'Encoder': lambda m: (m.Encoder(20), jnp.ones((1, 8, 15))),
    'Seq2seq': lambda m: (m.Seq2seq(), jnp.ones((1, 8, 15)), jnp.ones((1, 4, 15))),
}
NNX = ['Tagger', 'Stack', 'Convolved']


def load(name):
    path = FIXTURES / name
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def size(tree):
    total = int(sum(x.size for x in jax.tree.leaves(tree)))
    return [{'total': total, 'trainable': total}]


def linen(module):
    for name, make in LINEN.items():
        model, *inputs = make(module)
        yield name, size(model.init(KEY, *inputs)['params'])


def nnx_models(module):
    for name in NNX:
        yield name, size(nnx.state(getattr(module, name)(rngs=nnx.Rngs(0)), nnx.Param))


golden = {
    'fixtures/python-flax/linen.py': dict(linen(load('linen.py'))),
    'fixtures/python-flax/nnx_models.py': dict(nnx_models(load('nnx_models.py'))),
}
(HERE / 'python_fixtures_flax.json').write_text(
    json.dumps({'flax': flax.__version__, 'jax': jax.__version__, 'files': golden}, indent=2) + '\n'
)
