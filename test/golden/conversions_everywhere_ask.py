"""Builds changed files with PyTorch or Keras, counts the parameters of the model that was asked for, and runs it forward.

Started by conversions_everywhere.py:  python conversions_everywhere_ask.py torch|keras LIST.json
"""
import importlib.util
import json
import os
import sys
from pathlib import Path

STEPS, BATCH = 7, 3


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.argv = [path]
    spec.loader.exec_module(module)
    return module


def torch_total(job):
    import torch
    from torch import nn

    def ids(*shape):
        return torch.randint(0, 20, shape)

    # What the models are given. Parts are counted alone and run as a part.
    inputs = {
        "arguments.py Net": lambda: (torch.zeros(STEPS, BATCH, 48),),
        "cells.py Stepper": lambda: (torch.zeros(STEPS, BATCH, 8),),
        "shapes.py Frames": lambda: (torch.zeros(BATCH, STEPS, 400),),
        "shapes.py Packed": lambda: (ids(BATCH, STEPS), torch.tensor([STEPS] * BATCH)),
        "plain.py Tagger": lambda: (ids(BATCH, STEPS),),
        "plain.py rnn": lambda: (torch.zeros(STEPS, BATCH, 10),),
        "plain.py gru": lambda: (torch.zeros(STEPS, BATCH, 10),),
        "text_classification.py TextClassifier": lambda: (ids(BATCH, STEPS), torch.tensor([STEPS] * BATCH)),
        "text_generation.py LanguageModel": lambda: (ids(STEPS, BATCH),),
        "translation_attention.py Translator": lambda: (ids(STEPS, BATCH), ids(STEPS, BATCH)),
        "forecast.py Forecaster": lambda: (torch.randn(BATCH, STEPS, 14),),
        "anomaly_lstm_autoencoder.py AutoEncoder": lambda: (torch.randn(BATCH, STEPS, 8),),
        "crnn.py Reader": lambda: (torch.randn(BATCH, 1, 32, 100),),
        "speech_ctc.py Listener": lambda: (torch.randn(BATCH, 161, STEPS),),
        "multimodal.py Multimodal": lambda: (torch.randn(BATCH, 3, 32, 100), ids(BATCH, STEPS), torch.randn(BATCH, 12)),
    }
    made = {
        "arguments.py Net": lambda m: m.main(),
        "configs.py FromAll": lambda m: m.other,
        "control.py Chosen": lambda m: m.model,
        "text_generation.py LanguageModel": lambda m: m.main(),
        "forecast.py Forecaster": lambda m: m.model,
    }
    parts = {
        "translation_attention.py Encoder": ("Translator", "encoder"),
        "translation_attention.py Decoder": ("Translator", "decoder"),
        "anomaly_lstm_autoencoder.py Encoder": ("AutoEncoder", "encoder"),
        "anomaly_lstm_autoencoder.py Decoder": ("AutoEncoder", "decoder"),
        "speech_ctc.py Level": ("Listener", "levels.0"),
    }

    def run_layers(model):
        """A fixture without a forward pass: each recurrent layer is run by itself."""
        for layer in model.modules():
            if isinstance(layer, (nn.RNNBase, nn.RNNCellBase)):
                shape = (BATCH,) if isinstance(layer, nn.RNNCellBase) else (STEPS, BATCH)
                layer(torch.zeros(*shape, layer.input_size))

    module = load(job["path"], Path(job["path"]).stem)
    if hasattr(module, "build"):
        model = module.build()
        module.run(model)
        return sum(p.numel() for p in model.parameters())
    key = f"{Path(job['file']).name} {job['model']}"
    whole, attribute = parts.get(key, (job["model"], None))
    whole_key = f"{Path(job['file']).name} {whole}"
    value = getattr(module, whole)
    model = made[whole_key](module) if whole_key in made else value() if isinstance(value, type) else value
    counted = model.get_submodule(attribute) if attribute else model
    model.eval()
    if whole_key in inputs:
        model(*inputs[whole_key]())
    else:
        assert type(model).forward is nn.Module.forward, f"no inputs for {whole_key}"
        run_layers(model)
    return sum(p.numel() for p in counted.parameters())


def keras_total(job):
    import runpy

    import keras
    import numpy

    if "tensorflow" in Path(job["path"]).read_text() and "tensorflow" not in sys.modules:
        keras_as_tensorflow()
    names = runpy.run_path(job["path"], run_name="__main__")
    value = names.get(job["model"])
    if isinstance(value, type):
        # Models of their own classes are built, and run, by the file itself.
        (model,) = [v for v in names.values() if type(v).__name__ == job["model"]]
        assert model.built
        return model.count_params()
    model = value if isinstance(value, keras.Model) else value()
    zeros = [numpy.zeros([BATCH if d is None else d for d in (BATCH, *t.shape[1:])], t.dtype) for t in model.inputs]
    model(zeros if len(zeros) > 1 else zeros[0])
    return model.count_params()


def keras_as_tensorflow():
    """`import tensorflow.keras` means Keras, whichever backend is installed."""
    import types

    import keras

    class Stub(types.ModuleType):
        """What Keras asks of a TensorFlow that is there: types that nothing here is an instance of."""

        def __getattr__(self, name):
            if name.startswith("__"):
                raise AttributeError(name)
            return type(name, (), {})

    tensorflow = Stub("tensorflow")
    tensorflow.keras = keras
    sys.modules["tensorflow"] = tensorflow
    for name in ("", ".layers", ".models"):
        sys.modules[f"tensorflow.keras{name}"] = importlib.import_module(f"keras{name}")


def main():
    framework, listed = sys.argv[1:]
    if framework == "keras":
        os.environ.setdefault("KERAS_BACKEND", "jax")
    total = {"torch": torch_total, "keras": keras_total}[framework]
    results = []
    for job in json.loads(Path(listed).read_text()):
        try:
            results.append({"name": job["name"], "total": int(total(job))})
        except Exception as error:
            results.append({"name": job["name"], "error": f"{type(error).__name__}: {error}"[:300]})
    print("RESULT" + json.dumps(results))


main()
