"""Asks PaddlePaddle for the parameter counts of test/fixtures/python-paddle.

Run with a Python that has paddlepaddle 3.3.1:  python test/golden/python_fixtures_paddle.py
Writes python_fixtures_paddle.json beside itself: file -> model -> [{total, trainable}].
"""
import importlib.util
import json
import sys
from pathlib import Path

import paddle
from paddle import nn

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / 'fixtures' / 'python-paddle'
# The ways in which the files themselves construct a class, beside its defaults.
ALSO = {'Classifier': [dict(vocab_size=500, hidden=16, layers=1, direction='forward')]}
DEFAULTS_UNUSED = {'Classifier'}


def counts(model):
    parameters = model.parameters()
    return {
        'total': int(sum(p.size for p in parameters)),
        'trainable': int(sum(p.size for p in parameters if not p.stop_gradient)),
    }


def models_of(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    found = {}
    for name, value in vars(module).items():
        if isinstance(value, type) and issubclass(value, nn.Layer) and value.__module__ == path.stem:
            made = [] if name in DEFAULTS_UNUSED else [counts(value())]
            found[name] = made + [counts(value(**more)) for more in ALSO.get(name, [])]
    return found


golden = {f'fixtures/python-paddle/{p.name}': models_of(p) for p in sorted(FIXTURES.glob('*.py'))}
(HERE / 'python_fixtures_paddle.json').write_text(
    json.dumps({'paddle': paddle.__version__, 'files': golden}, indent=2) + '\n'
)
