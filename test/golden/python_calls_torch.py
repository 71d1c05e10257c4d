"""Asks PyTorch what each layer of examples/pytorch is really given in one forward pass.

Run with a Python that has torch:  /usr/bin/python3 test/golden/python_calls_torch.py
Writes python_calls_torch.json beside itself: file -> layer -> number of input values, over all its uses.
"""
import importlib.util
import json
import sys
from pathlib import Path

import torch
from torch import nn

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / 'examples' / 'pytorch'
STEPS, BATCH, HEIGHT, WIDTH = 7, 3, 32, 100


def ids(*shape):
    return torch.randint(0, 20, shape)


CASES = {
    'text_classification.py': lambda m: (m.TextClassifier(), (ids(BATCH, STEPS), torch.tensor([STEPS] * BATCH))),
    'text_generation.py': lambda m: (m.main(), (ids(STEPS, BATCH),)),
    'translation_attention.py': lambda m: (m.Translator(), (ids(STEPS, BATCH), ids(STEPS, BATCH))),
    'forecast.py': lambda m: (m.model, (torch.randn(BATCH, STEPS, 14),)),
    'anomaly_lstm_autoencoder.py': lambda m: (m.AutoEncoder(), (torch.randn(BATCH, STEPS, 8),)),
    'crnn.py': lambda m: (m.Reader(), (torch.randn(BATCH, 1, HEIGHT, WIDTH),)),
    'frames.py': lambda m: (m.VideoClassifier(), (torch.randn(BATCH, STEPS, 3, HEIGHT, WIDTH),)),
    'speech_ctc.py': lambda m: (m.Listener(), (torch.randn(BATCH, 161, STEPS),)),
    'multimodal.py': lambda m: (
        m.Multimodal(),
        (torch.randn(BATCH, 3, HEIGHT, WIDTH), ids(BATCH, STEPS), torch.randn(BATCH, 12)),
    ),
    'textbook_gru.py': lambda m: (m.TextbookGRU(), (ids(STEPS, BATCH),)),
}


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def values_given(model, inputs):
    given = {name: 0 for name, layer in model.named_modules() if not list(layer.children())}

    def watch(name, layer):
        def note(_, args, __):
            value = args[0].data if isinstance(args[0], nn.utils.rnn.PackedSequence) else args[0]
            given[name] += value.numel()

        layer.register_forward_hook(note)

    for name, layer in model.named_modules():
        if name in given:
            watch(name, layer)
    model.eval()
    model(*inputs)
    return given


def main():
    files = {}
    for name, case in CASES.items():
        model, inputs = case(load(EXAMPLES / name))
        files[name] = {'class': type(model).__name__, 'given': values_given(model, inputs)}
    sizes = {'steps': STEPS, 'batch': BATCH, 'input_height': HEIGHT, 'input_width': WIDTH}
    (HERE / 'python_calls_torch.json').write_text(json.dumps({'sizes': sizes, 'files': files}, indent=2) + '\n')


if __name__ == '__main__':
    main()
