"""Asks PyTorch for the parameter counts of test/fixtures/python and of examples/pytorch.

Run with a Python that has torch:  /usr/bin/python3 test/golden/python_fixtures_torch.py
Writes python_fixtures_torch.json beside itself: file -> model -> {total, trainable, assume}.
"""
import importlib.util
import json
import sys
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / 'fixtures' / 'python'
EXAMPLES = HERE.parent.parent / 'examples' / 'pytorch'

# What is not made by calling the class without arguments: arguments are the assumptions a user would give.
ARGUMENTS = {
    'unknowns.py': {
        'Language': [
            dict(rnn_type='LSTM', ntoken=100, ninp=20, nhid=20, nlayers=2),
            dict(rnn_type='RNN_TANH', ntoken=100, ninp=20, nhid=20, nlayers=2),
            dict(rnn_type='GRU', ntoken=100, ninp=20, nhid=20, nlayers=2, tie_weights=True),
        ],
        'Commented': [dict(n_tags=9, depth=3)],
        'Deep': [dict(depth=2), dict(depth=5)],
        'Maybe': [dict(residual=True), dict(residual=False)],
    },
}
# Models that the file itself constructs.
MADE = {
    'arguments.py': {'Net': lambda m: with_arguments(m)},
    'configs.py': {'FromConfig': lambda m: m.model, 'FromAll': lambda m: m.other},
    'control.py': {'Chosen': lambda m: m.model},
    'shadows.py': {'LSTM': lambda m: m.RNN().core, 'Base': None, 'Linear': lambda m: m.Derived().a, 'Narrow': None, 'Bottle': None},
    'gru_by_hand.py': {'Split': lambda m: m.Extra().cell},
    'helper_mixed.py': {'Recurrent': None},
    'helper_sizes.py': {'Encoder': None},
    'frozen_parts.py': {'Headed': None},
    'containers.py': {'Block': lambda m: list(m.Stacked().blocks)},
    'text_generation.py': {'LanguageModel': lambda m: m.main()},
    'translation_attention.py': {
        'Encoder': lambda m: m.Translator().encoder,
        'Decoder': lambda m: m.Translator().decoder,
    },
    'anomaly_lstm_autoencoder.py': {
        'Encoder': lambda m: m.AutoEncoder().encoder,
        'Decoder': lambda m: m.AutoEncoder().decoder,
    },
    'frames.py': {'FrameModel': lambda m: m.VideoClassifier().frame},
    'forecast.py': {'Forecaster': lambda m: m.model},
    'speech_ctc.py': {'Level': lambda m: m.Listener().levels[0]},
    'textbook_gru.py': {'TextbookGRUCell': lambda m: m.TextbookGRU().cell},
    'inheritance.py': {'Recurrent': lambda m: m.Both().plain, 'Deep': lambda m: m.Both().small},
    'matching.py': {
        'Narrow': lambda m: m.Registered().others['narrow'],
        'Wide': lambda m: [m.Registered().cell, m.Registered().others['wide']],
    },
    'plain.py': {'rnn': lambda m: m.rnn, 'gru': lambda m: m.gru, 'head': lambda m: m.head},
}
# Their weights exist only after a first pass.
INPUTS = {'Lazy': lambda: torch.zeros(2, 3, 7), 'Frames': lambda: torch.zeros(2, 7, 400)}


def with_arguments(module):
    sys.argv = ['arguments.py']
    return module.main()


def counts(model, assume=None):
    made = INPUTS.get(type(model).__name__)
    if made:
        model(made())
    total = sum(p.numel() for p in model.parameters())
    trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return {'total': total, 'trainable': trainable, **({'assume': assume} if assume else {})}


def each(made):
    return [counts(model) for model in (made if isinstance(made, list) else [made])]


def load(path):
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def models_of(path):
    module = load(path)
    made = MADE.get(path.name, {})
    found = {}
    for name, value in vars(module).items():
        if isinstance(value, type) and issubclass(value, nn.Module) and value.__module__ == path.stem:
            if name in made:
                if made[name]:
                    found[name] = each(made[name](module))
            elif name in ARGUMENTS.get(path.name, {}):
                found[name] = [counts(value(**args), args) for args in ARGUMENTS[path.name][name]]
            else:
                found[name] = [counts(value())]
    for name, make in made.items():
        if name not in found and make:
            found[name] = each(make(module))
    return found


def main():
    golden = {}
    for folder in (FIXTURES, EXAMPLES):
        for path in sorted(folder.glob('*.py')):
            golden[f'{folder.parent.name}/{folder.name}/{path.name}'] = models_of(path)
    (HERE / 'python_fixtures_torch.json').write_text(json.dumps({'torch': torch.__version__, 'files': golden}, indent=2) + '\n')


if __name__ == '__main__':
    main()
