"""Writes small saved models with the real frameworks, and what those frameworks count in them.

    python3 make_saved_models.py torch        # PyTorch 1.13 or later
    python3 make_saved_models.py safetensors keras onnx   # keras, tensorflow, onnx, safetensors, h5py
    node make_tfjs_models.mjs                 # TensorFlow.js

Each part writes its files and a counts.json (file -> what the framework says) under ../fixtures/saved/<part>.
"""
import json
import pickle
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent / "fixtures" / "saved"


def finish(part, counts):
    folder = ROOT / part
    (folder / "counts.json").write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n")
    for path in sorted(folder.iterdir()):
        print(part, path.name, path.stat().st_size)


def without_debug_entries(path):
    """TorchScript's debug entries quote the source of everything that was compiled."""
    with zipfile.ZipFile(path) as archive:
        kept = [(info.filename, archive.read(info)) for info in archive.infolist() if not info.filename.endswith(".debug_pkl")]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in kept:
            archive.writestr(name, data)


def make_torch():
    import torch
    from torch import nn

    folder = ROOT / "torch"
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}

    def count(module):
        parameters = list(module.named_parameters())
        return {
            "total": sum(p.numel() for _, p in parameters),
            "trainable": sum(p.numel() for _, p in parameters if p.requires_grad),
            "torch": torch.__version__,
        }

    class Net(nn.Module):
        """Every kind that state dicts show: embedding, stacked recurrent layers, norms, convolution, dense, buffers."""

        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(11, 6)
            self.conv = nn.Conv1d(6, 5, 3)
            self.bn = nn.BatchNorm1d(5)
            self.encoder = nn.LSTM(5, 7, num_layers=2, bidirectional=True, batch_first=True)
            self.norm = nn.LayerNorm(14)
            self.decoder = nn.GRUCell(14, 4)
            self.out = nn.Linear(4, 11)
            self.scale = nn.Parameter(torch.ones(3))
            self.register_buffer("steps", torch.arange(4))

        def forward(self, x):
            x = self.conv(self.embedding(x).transpose(1, 2))
            x, _ = self.encoder(self.bn(x).transpose(1, 2))
            return self.out(self.decoder(self.norm(x[:, -1])))

    class Bare(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight_ih = nn.Parameter(torch.ones(12, 3))
            self.weight_hh = nn.Parameter(torch.ones(12, 4), requires_grad=False)
            self.register_buffer("mask", torch.ones(5))

    Bare.__module__ = "__main__"
    Bare.__qualname__ = "Bare"
    globals()["Bare"] = Bare

    class Tied(nn.Module):
        def __init__(self):
            super().__init__()
            self.encoder = nn.Embedding(9, 5)
            self.rnn = nn.RNN(5, 5, nonlinearity="relu")
            self.decoder = nn.Linear(5, 9)
            self.decoder.weight = self.encoder.weight

        def forward(self, x):
            return self.decoder(self.rnn(self.encoder(x))[0])

    def save(name, module, what=None, **options):
        torch.save(module.state_dict() if what is None else what, folder / name, **options)
        counts[name] = count(module)

    torch.manual_seed(0)
    options = {
        "lstm": nn.LSTM(3, 4),
        "lstm_no_bias": nn.LSTM(3, 4, bias=False),
        "lstm_projected": nn.LSTM(3, 6, num_layers=2, proj_size=2, bidirectional=True),
        "gru_stacked": nn.GRU(3, 4, num_layers=3),
        "gru_bidirectional": nn.GRU(3, 4, bidirectional=True, bias=False),
        "rnn": nn.RNN(3, 4),
        "lstm_cell": nn.LSTMCell(3, 4),
        "gru_cell_no_bias": nn.GRUCell(3, 4, bias=False),
        "rnn_cell": nn.RNNCell(3, 4),
        "one_unit": nn.GRU(1, 1),
    }
    for name, module in options.items():
        save(f"{name}.pt", module)
    net = Net()
    save("net.pt", net)
    save("net_legacy.pth", net, _use_new_zipfile_serialization=False)
    save("tied.pt", Tied())
    save("half.bin", nn.LSTM(3, 4).half())
    save("bfloat16_legacy.bin", nn.GRU(3, 4).bfloat16(), _use_new_zipfile_serialization=False)
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.zeros(2, 8, dtype=torch.long)).sum().backward()
    optimizer.step()
    net.zero_grad(set_to_none=True)
    lightning = {
        "epoch": 3,
        "global_step": 12,
        "pytorch-lightning_version": "1.9.0",
        "state_dict": {f"model.{k}": v for k, v in net.state_dict().items()},
        "loops": {"fit_loop": {"state_dict": {}}},
        "callbacks": {"ModelCheckpoint": {"best_model_score": torch.tensor(0.5)}},
        "optimizer_states": [optimizer.state_dict()],
        "lr_schedulers": [],
        "hyper_parameters": {"hidden": 7},
    }
    save("lightning.ckpt", net, lightning)
    gan = {"generator": Tied().state_dict(), "discriminator": nn.GRU(4, 3).state_dict(), "epoch": 1}
    torch.save(gan, folder / "two_models.pt")
    counts["two_models.pt"] = {"generator": count(Tied())["total"], "discriminator": count(nn.GRU(4, 3))["total"]}

    # Whole modules: the classes must be importable when saving, so torch.nn's own.
    whole = nn.Sequential(nn.Embedding(9, 4), nn.LSTM(4, 3, batch_first=True, dropout=0.0), nn.Linear(3, 2, bias=False))
    whole[0].weight.requires_grad = False
    save("whole_module.pt", whole, whole)
    # Legacy files of whole modules carry their classes' source text: this one's is below, torch.nn's stays out.
    save("whole_module_legacy.pt", Bare(), Bare(), _use_new_zipfile_serialization=False)
    scripted = torch.jit.script(net)
    scripted.save(str(folder / "torchscript.pt"))
    without_debug_entries(folder / "torchscript.pt")
    counts["torchscript.pt"] = count(net)
    traced = torch.jit.trace(Tied(), torch.zeros(2, 3, dtype=torch.long))
    traced.save(str(folder / "torchscript_traced.pt"))
    without_debug_entries(folder / "torchscript_traced.pt")
    counts["torchscript_traced.pt"] = count(Tied())
    view = nn.LSTM(3, 4)
    state = view.state_dict()
    state["weight_hh_l0"] = state["weight_hh_l0"].t().contiguous().t()
    torch.save(state, folder / "transposed.pt")
    counts["transposed.pt"] = count(view)

    # Values, to check reading weights by range.
    values = {}
    for name in ["lstm.pt", "net_legacy.pth", "half.bin", "bfloat16_legacy.bin"]:
        state = torch.load(folder / name)
        key = next(k for k in state if k.endswith("weight_hh_l0"))
        values[name] = {"tensor": key, "values": state[key].float().flatten().tolist()}
    (folder / "values.json").write_text(json.dumps(values) + "\n")

    # A pickle that would run a command if it were unpickled.
    class Evil:
        def __reduce__(self):
            import os

            return (os.system, ("touch /tmp/rnn-lens-was-fooled",))

    evil = {"state_dict": nn.LSTM(2, 2).state_dict(), "x": Evil()}
    torch.save(evil, folder / "evil.pt")
    torch.save(evil, folder / "evil_legacy.pt", _use_new_zipfile_serialization=False)
    (folder / "evil.pkl").write_bytes(pickle.dumps(Evil()))
    finish("torch", counts)


def make_safetensors():
    """From the PyTorch fixtures' weights, by the safetensors library itself; counts by summing its own arrays."""
    import ml_dtypes
    import numpy as np
    from safetensors.numpy import load_file, save_file

    folder = ROOT / "safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)

    def array(*shape, dtype=np.float32):
        return rng.standard_normal(shape).astype(dtype)

    def stack(gates, i, h, layers, directions, bias=True, prefix=""):
        tensors = {}
        for layer in range(layers):
            for suffix in ["", "_reverse"][:directions]:
                width = i if layer == 0 else directions * h
                tensors[f"{prefix}weight_ih_l{layer}{suffix}"] = array(gates * h, width)
                tensors[f"{prefix}weight_hh_l{layer}{suffix}"] = array(gates * h, h)
                if bias:
                    tensors[f"{prefix}bias_ih_l{layer}{suffix}"] = array(gates * h)
                    tensors[f"{prefix}bias_hh_l{layer}{suffix}"] = array(gates * h)
        return tensors

    files = {
        "lstm": stack(4, 3, 4, 2, 2, prefix="encoder.rnn."),
        "gru_no_bias": stack(3, 3, 4, 1, 1, bias=False),
        "rnn_half": {k: v.astype(np.float16) for k, v in stack(1, 3, 4, 1, 1).items()},
        "net": {
            **stack(4, 5, 6, 1, 1, prefix="rnn."),
            "embedding.weight": array(9, 5),
            "out.weight": array(9, 6),
            "out.bias": array(9),
            "bn.weight": array(6),
            "bn.bias": array(6),
            "bn.running_mean": array(6),
            "bn.running_var": array(6),
            "bn.num_batches_tracked": np.array(7),
        },
        "bfloat16": {k: v.astype(ml_dtypes.bfloat16) for k, v in stack(3, 2, 3, 1, 1).items()},
        "keras_names": {"gru.kernel": array(4, 9), "gru.recurrent_kernel": array(3, 9), "gru.bias": array(2, 9)},
    }
    buffers = ("running_mean", "running_var", "num_batches_tracked")
    counts, values = {}, {}
    for name, tensors in files.items():
        path = folder / f"{name}.safetensors"
        save_file(tensors, path, metadata={"format": "pt"})
        loaded = load_file(path)
        counts[path.name] = {"total": int(sum(v.size for k, v in loaded.items() if not k.endswith(buffers)))}
        key = next((k for k in loaded if "weight_hh_l0" in k), None)
        if key:
            values[path.name] = {"tensor": key, "values": loaded[key].astype(np.float32).flatten().tolist()}
    (folder / "values.json").write_text(json.dumps(values) + "\n")
    finish("safetensors", counts)


PARTS = {"torch": make_torch, "safetensors": make_safetensors}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
