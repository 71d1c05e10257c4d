"""Writes small saved models with the real frameworks, and what those frameworks count in them.

    python3 make_saved_models.py torch torch-script onnx-export    # PyTorch 1.13 or later
    python3 make_saved_models.py safetensors keras onnx onnx-operators   # keras, tensorflow, onnx, safetensors, h5py
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

    # What the layers make of a sequence, to check that their weights are understood.
    runs = {}
    for name in ["lstm", "gru_stacked", "gru_bidirectional", "rnn", "lstm_projected", "lstm_no_bias"]:
        x = torch.randn(5, 1, 3)
        runs[f"{name}.pt"] = {"x": x[:, 0].tolist(), "y": options[name](x)[0][:, 0].tolist()}
    (folder / "runs.json").write_text(json.dumps(runs) + "\n")

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


def make_torch_script():
    """TorchScript keeps buffers as attributes like parameters; only the code says which they are."""
    import torch
    from torch import nn

    folder = ROOT / "torch-script"
    folder.mkdir(parents=True, exist_ok=True)

    class Frames(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.GRU(3, 4)
            self.register_buffer("basis", torch.ones(5, 3))

        def forward(self, x):
            return self.rnn(x @ self.basis)[0]

    module = nn.Sequential(Frames(), nn.Linear(4, 2))
    counts = {"total": sum(p.numel() for p in module.parameters()), "torch": torch.__version__}
    torch.jit.trace(module, torch.zeros(2, 1, 5)).save(str(folder / "traced_buffer.pt"))
    torch.jit.script(module).save(str(folder / "scripted_buffer.pt"))
    for name in ("traced_buffer.pt", "scripted_buffer.pt"):
        without_debug_entries(folder / name)
    finish("torch-script", {"traced_buffer.pt": counts, "scripted_buffer.pt": counts})


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


def onnx_weights(graph):
    """Sizes of every floating-point initialiser, subgraphs included: what ONNX's own loader gives, not our reader."""
    from onnx import numpy_helper

    total = sum(numpy_helper.to_array(t).size for t in graph.initializer if numpy_helper.to_array(t).dtype.kind == "f")
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("g"):
                total += onnx_weights(attribute.g)
    return int(total)


def make_onnx():
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    folder = ROOT / "onnx"
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    counts, values = {}, {}
    gates = {"RNN": 1, "GRU": 3, "LSTM": 4}

    def tensor(name, *shape, dtype=np.float32):
        return numpy_helper.from_array(rng.standard_normal(shape).astype(dtype), name)

    def info(name, *shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))

    def save(name, graph, extra=0, **options):
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="rnn-lens-fixtures")
        model.ir_version = 8
        onnx.checker.check_model(model)
        onnx.save(model, folder / f"{name}.onnx", **options)
        counts[f"{name}.onnx"] = {"total": onnx_weights(onnx.load(folder / f"{name}.onnx").graph) + extra}

    def recurrent(op, i=3, h=4, d=1, bias=True, peepholes=False, prefix="", direction=None, **attributes):
        g = gates[op]
        tensors = [tensor(prefix + "W", d, g * h, i), tensor(prefix + "R", d, g * h, h)]
        inputs = [prefix + "X", prefix + "W", prefix + "R"]
        if bias:
            tensors.append(tensor(prefix + "B", d, 2 * g * h))
        if bias or peepholes:
            inputs.append(prefix + "B" if bias else "")
        if peepholes:
            inputs += ["", "", "", prefix + "P"]
            tensors.append(tensor(prefix + "P", d, 3 * h))
        direction = direction or ("bidirectional" if d == 2 else "forward")
        node = helper.make_node(op, inputs, [prefix + "Y"], name=prefix + op.lower(), hidden_size=h, direction=direction, **attributes)
        return node, tensors

    def single(name, op, x=("seq", "batch", 3), **options):
        node, tensors = recurrent(op, **options)
        graph = helper.make_graph([node], name, [info("X", *x)], [info("Y", None, None, None, None)], tensors)
        save(name, graph)

    single("lstm", "LSTM")
    single("lstm_no_bias", "LSTM", bias=False)
    single("lstm_peepholes", "LSTM", peepholes=True)
    single("lstm_peepholes_no_bias", "LSTM", bias=False, peepholes=True)
    single("lstm_coupled", "LSTM", input_forget=1)
    single("lstm_batch_first", "LSTM", x=("batch", 7, 3), layout=1)
    single("lstm_bidirectional", "LSTM", d=2)
    single("lstm_reverse", "LSTM", direction="reverse")
    single("gru", "GRU")
    single("gru_reset_after", "GRU", linear_before_reset=1)
    single("gru_bidirectional", "GRU", d=2, bias=False, x=(5, 2, 3))
    single("rnn", "RNN")
    single("rnn_relu", "RNN", activations=["Relu"])
    single("rnn_unnamed_axes", "RNN", x=(None, None, 3))

    # Weights that are inputs of the graph, as in the operator tests of the ONNX project.
    node = helper.make_node("LSTM", ["X", "W", "R", "B"], ["", "Y_h"], hidden_size=4)
    inputs = [info("X", 1, 2, 3), info("W", 1, 16, 3), info("R", 1, 16, 4), info("B", 1, 32)]
    save("weights_fed_in", helper.make_graph([node], "fed", inputs, [info("Y_h", 1, 2, 4)]), extra=16 * 3 + 16 * 4 + 32)

    # Weights as Constant nodes, and weights that are put together from constants.
    node, tensors = recurrent("GRU")
    constants = [helper.make_node("Constant", [], [t.name], value=t) for t in tensors]
    size = sum(numpy_helper.to_array(t).size for t in tensors)
    save("constants", helper.make_graph([*constants, node], "constants", [info("X", 5, 1, 3)], [info("Y", 5, 1, 1, 4)]), extra=size)
    parts = [tensor("Wa", 16, 3), tensor("Wb", 16, 3), tensor("R", 2, 16, 4)]
    axes = numpy_helper.from_array(np.array([0], dtype=np.int64), "axes")
    nodes = [
        helper.make_node("Unsqueeze", ["Wa", "axes"], ["Wa1"]),
        helper.make_node("Unsqueeze", ["Wb", "axes"], ["Wb1"]),
        helper.make_node("Concat", ["Wa1", "Wb1"], ["W"], axis=0),
        helper.make_node("LSTM", ["X", "W", "R"], ["Y"], name="lstm", hidden_size=4, direction="bidirectional"),
    ]
    save("unfolded", helper.make_graph(nodes, "unfolded", [info("X", 5, 1, 3)], [info("Y", 5, 2, 1, 4)], [*parts, axes]))

    # Two nodes on one set of weights.
    node, tensors = recurrent("LSTM")
    again = helper.make_node("LSTM", ["X", "W", "R", "B"], ["Y2"], name="again", hidden_size=4)
    save("shared", helper.make_graph([node, again], "shared", [info("X", "T", "N", 3)], [info("Y", "T", 1, "N", 4), info("Y2", "T", 1, "N", 4)], tensors))

    # What stands around recurrent layers in real exports.
    lstm, tensors = recurrent("LSTM", i=5, h=6, d=2, prefix="enc_")
    tensors += [
        tensor("embedding", 11, 4), tensor("conv.w", 5, 4, 3), tensor("conv.b", 5), tensor("bn.scale", 5), tensor("bn.b", 5), tensor("bn.mean", 5),
        tensor("bn.var", 5), tensor("ln.scale", 12), tensor("ln.b", 12), tensor("fc.w", 12, 7), tensor("fc.b", 7), tensor("out.w", 9, 7), tensor("out.b", 9),
        tensor("loose", 7), numpy_helper.from_array(np.array([0, 0, -1], dtype=np.int64), "merge"),
    ]
    nodes = [
        helper.make_node("Gather", ["embedding", "ids"], ["e"], name="embed"),
        helper.make_node("Transpose", ["e"], ["et"], perm=[0, 2, 1]),
        helper.make_node("Conv", ["et", "conv.w", "conv.b"], ["c"], name="conv", kernel_shape=[3], pads=[1, 1]),
        helper.make_node("BatchNormalization", ["c", "bn.scale", "bn.b", "bn.mean", "bn.var"], ["n"], name="bn"),
        helper.make_node("Relu", ["n"], ["r"]),
        helper.make_node("Transpose", ["r"], ["enc_X"], perm=[2, 0, 1]),
        lstm,
        helper.make_node("Transpose", ["enc_Y"], ["y"], perm=[0, 2, 1, 3]),
        helper.make_node("Reshape", ["y", "merge"], ["z"]),
        helper.make_node("LayerNormalization", ["z", "ln.scale", "ln.b"], ["ln"], name="ln"),
        helper.make_node("MatMul", ["ln", "fc.w"], ["mm"], name="fc"),
        helper.make_node("Add", ["fc.b", "mm"], ["f"]),
        helper.make_node("Mul", ["f", "loose"], ["g"], name="scale"),
        helper.make_node("Flatten", ["g"], ["flat"], axis=2),
        helper.make_node("Gemm", ["flat", "out.w", "out.b"], ["o"], name="out", transB=1),
    ]
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "length"])
    save("around", helper.make_graph(nodes, "around", [ids], [info("o", None, None)], tensors))

    # Control flow: a recurrent layer in a loop of 3, one in each branch of an If.
    lstm, tensors = recurrent("GRU", i=4, prefix="in_")
    body = helper.make_graph(
        [helper.make_node("Identity", ["cond_in"], ["cond_out"]), helper.make_node("Identity", ["state"], ["in_X"]), lstm, helper.make_node("Squeeze", ["in_Y", "axis1"], ["state_out"])],
        "body",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []), helper.make_tensor_value_info("cond_in", TensorProto.BOOL, []), info("state", 5, 1, 4)],
        [helper.make_tensor_value_info("cond_out", TensorProto.BOOL, []), info("state_out", 5, 1, 4)],
        tensors,
    )
    trips = numpy_helper.from_array(np.array(3, dtype=np.int64), "trips")
    axis1 = numpy_helper.from_array(np.array([1], dtype=np.int64), "axis1")
    loop = helper.make_node("Loop", ["trips", "", "X"], ["Y"], name="loop", body=body)
    save("loop", helper.make_graph([loop], "loop", [info("X", 5, 1, 4)], [info("Y", 5, 1, 4)], [trips, axis1]))
    branches = []
    for branch, op in [("then", "RNN"), ("else", "LSTM")]:
        node, tensors = recurrent(op, prefix=branch + "_")
        branches.append(helper.make_graph([helper.make_node("Identity", ["X"], [branch + "_X"]), node], branch, [], [info(branch + "_Y", 5, 1, 1, 4)], tensors))
    choice = helper.make_node("If", ["flag"], ["Y"], name="choice", then_branch=branches[0], else_branch=branches[1])
    flag = helper.make_tensor_value_info("flag", TensorProto.BOOL, [])
    save("branches", helper.make_graph([choice], "branches", [flag, info("X", 5, 1, 3)], [info("Y", 5, 1, 1, 4)]))
    gemm = helper.make_graph(
        [helper.make_node("Add", ["s", "x"], ["sx"]), helper.make_node("Gemm", ["sx", "k"], ["s_out"], name="step"), helper.make_node("Identity", ["s_out"], ["y"])],
        "step", [info("s", 1, 4), info("x", 1, 4)], [info("s_out", 1, 4), info("y", 1, 4)], [tensor("k", 4, 4)],
    )
    scan = helper.make_node("Scan", ["s0", "X"], ["s1", "Y"], name="scan", body=gemm, num_scan_inputs=1)
    save("scan", helper.make_graph([scan], "scan", [info("s0", 1, 4), info("X", "steps", 1, 4)], [info("s1", 1, 4), info("Y", "steps", 1, 4)]))

    # A function of the model's own.
    node, tensors = recurrent("GRU")
    function = helper.make_function("own", "Encoder", ["X", "W", "R", "B"], ["Y"], [helper.make_node("GRU", ["X", "W", "R", "B"], ["Y"], hidden_size=4)], [helper.make_opsetid("", 17)])
    call = helper.make_node("Encoder", ["X", "W", "R", "B"], ["Y"], name="encoder", domain="own")
    graph = helper.make_graph([call], "functions", [info("X", "T", "N", 3)], [info("Y", None, None, None, None)], tensors)
    model = helper.make_model(graph, functions=[function], opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("own", 1)])
    model.ir_version = 8
    onnx.save(model, folder / "functions.onnx")
    counts["functions.onnx"] = {"total": onnx_weights(graph)}

    # The ways of keeping values: typed lists, half precision, a file beside it.
    node, tensors = recurrent("RNN")
    typed = [helper.make_tensor(t.name, TensorProto.FLOAT, t.dims, numpy_helper.to_array(t).flatten().tolist()) for t in tensors]
    save("float_data", helper.make_graph([node], "typed", [info("X", 5, 1, 3)], [info("Y", 5, 1, 1, 4)], typed))
    half = [numpy_helper.from_array(numpy_helper.to_array(t).astype(np.float16), t.name) for t in tensors]
    x16 = helper.make_tensor_value_info("X", TensorProto.FLOAT16, [5, 1, 3])
    y16 = helper.make_tensor_value_info("Y", TensorProto.FLOAT16, [5, 1, 1, 4])
    save("float16", helper.make_graph([node], "half", [x16], [y16], half))
    node, tensors = recurrent("LSTM")
    save("external", helper.make_graph([node], "external", [info("X", 5, 1, 3)], [info("Y", 5, 1, 1, 4)], tensors), save_as_external_data=True, location="external.onnx.data", size_threshold=0)
    for name in ["lstm", "float_data", "float16", "external"]:
        graph = onnx.load(folder / f"{name}.onnx").graph
        r = next(t for t in graph.initializer if t.name == "R")
        values[f"{name}.onnx"] = {"tensor": "R", "values": numpy_helper.to_array(r).astype(np.float32).flatten().tolist()}
    (folder / "values.json").write_text(json.dumps(values) + "\n")

    from onnx.reference import ReferenceEvaluator

    runs = {}
    for name in ["lstm", "lstm_no_bias", "gru", "gru_reset_after", "rnn"]:
        x = rng.standard_normal((5, 1, 3)).astype(np.float32)
        y = ReferenceEvaluator(onnx.load(folder / f"{name}.onnx")).run(None, {"X": x})[0]
        runs[f"{name}.onnx"] = {"x": x[:, 0].tolist(), "last": y.reshape(5, -1)[-1].tolist()}
    (folder / "runs.json").write_text(json.dumps(runs) + "\n")
    finish("onnx", counts)


def make_onnx_export():
    """What PyTorch's own exporter writes, with constants folded and not: then weights reach the operator through Slice and Concat."""
    import torch
    from torch import nn

    torch.manual_seed(7)
    folder = ROOT / "onnx-export"
    folder.mkdir(parents=True, exist_ok=True)
    counts, runs = {}, {}
    modules = {
        "lstm": nn.LSTM(3, 4),
        "lstm_bidirectional": nn.LSTM(3, 4, bidirectional=True),
        "lstm_no_bias": nn.LSTM(3, 4, bias=False),
        "lstm_stacked": nn.LSTM(3, 4, num_layers=2),
        "gru": nn.GRU(3, 4),
        "gru_bidirectional": nn.GRU(3, 4, bidirectional=True),
        "rnn": nn.RNN(3, 4),
        "rnn_relu": nn.RNN(3, 4, nonlinearity="relu"),
    }
    for name, module in modules.items():
        x = torch.randn(5, 1, 3)
        for folded in (True, False):
            file = f"{name}{'' if folded else '_unfolded'}.onnx"
            torch.onnx.export(module.eval(), (x,), str(folder / file), do_constant_folding=folded, input_names=["x"], dynamic_axes={"x": {0: "steps", 1: "batch"}})
            counts[file] = {"total": sum(p.numel() for p in module.parameters()), "torch": torch.__version__}
            if name != "lstm_stacked":
                runs[file] = {"x": x[:, 0].tolist(), "y": module(x)[0][:, 0].tolist()}
    (folder / "runs.json").write_text(json.dumps(runs) + "\n")
    finish("onnx-export", counts)


def make_onnx_operators():
    """The models with which the onnx package tests the three operators. Their weights are fed in: the counts are those inputs' sizes."""
    import math
    import onnx
    from onnx.backend.test.case.node import collect_testcases

    folder = ROOT / "onnx-operators"
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for case in collect_testcases():
        graph = case.model.graph
        nodes = [n for n in graph.node if n.op_type in ("LSTM", "GRU", "RNN")]
        if not nodes:
            continue
        shapes = {i.name: [d.dim_value for d in i.type.tensor_type.shape.dim] for i in graph.input}
        weights = {n.input[i] for n in nodes for i in (1, 2, 3, 7) if i < len(n.input) and n.input[i]}
        file = f"{case.name.removeprefix('test_')}.onnx"
        onnx.save(case.model, folder / file)
        counts[file] = {"total": sum(math.prod(shapes[w]) for w in weights), "operator": nodes[0].op_type, "onnx": onnx.__version__}
    (folder / "NOTICE").write_text("From the onnx Python package, https://github.com/onnx/onnx, licensed under the Apache License 2.0.\n")
    finish("onnx-operators", counts)


def make_keras():
    """Keras 3 models in each of its formats; counts are Keras' own."""
    import os

    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import numpy as np
    from keras import layers

    folder = ROOT / "keras"
    folder.mkdir(parents=True, exist_ok=True)
    counts, values = {}, {}

    def sequential(name, *stack, shape=(7, 3)):
        return keras.Sequential([keras.Input(shape), *stack], name=name)

    def functional():
        words = keras.Input((None,), name="words")
        x = layers.Embedding(13, 5, name="embed")(words)
        x = layers.Bidirectional(layers.GRU(4, return_sequences=True), name="both")(x)
        x = layers.Bidirectional(layers.LSTM(3, return_sequences=True), merge_mode="sum")(x)
        x = layers.LayerNormalization()(x)
        x = layers.Dropout(0.5)(x)
        x = layers.TimeDistributed(layers.Dense(6), name="each")(x)
        x = layers.RNN([layers.LSTMCell(4), layers.GRUCell(2)], name="stack")(x)
        x = layers.BatchNormalization()(x)
        return keras.Model(words, layers.Dense(2, use_bias=False)(x), name="functional")

    def nested():
        inner = sequential("encoder", layers.LSTM(4, return_sequences=True), layers.GRU(5), shape=(7, 3))
        x = keras.Input((7, 3))
        return keras.Model(x, layers.Dense(2)(inner(x)), name="nested")

    def frozen():
        model = sequential("frozen", layers.LSTM(4, return_sequences=True), layers.GRU(3), layers.Dense(1))
        model.layers[0].trainable = False
        return model

    def shared():
        a, b = keras.Input((7, 3)), keras.Input((5, 3))
        lstm = layers.LSTM(4)
        return keras.Model([a, b], layers.Dense(1)(layers.Concatenate()([lstm(a), lstm(b)])), name="shared")

    models = {
        "lstm": sequential("lstm", layers.LSTM(4)),
        "lstm_no_bias": sequential("lstm_no_bias", layers.LSTM(4, use_bias=False)),
        "gru": sequential("gru", layers.GRU(4)),
        "gru_reset_before": sequential("gru_reset_before", layers.GRU(4, reset_after=False)),
        "simple_rnn": sequential("simple_rnn", layers.SimpleRNN(4, activation="relu")),
        "two_of_a_kind": sequential("two", layers.LSTM(4, return_sequences=True, name="first"), layers.LSTM(2, name="second"), layers.Dense(3)),
        "conv_lstm": sequential("conv_lstm", layers.ConvLSTM2D(2, 3), shape=(4, 6, 6, 1)),
        "functional": functional(),
        "nested": nested(),
        "frozen": frozen(),
        "shared": shared(),
        "attention": sequential("attention", layers.LSTM(4, return_sequences=True), layers.Conv1D(6, 3), layers.GlobalAveragePooling1D(), layers.Dense(2)),
    }
    for name, model in models.items():
        says = {
            "total": model.count_params(),
            "trainable": sum(int(w.shape.num_elements() if hasattr(w.shape, "num_elements") else __import__("math").prod(w.shape)) for w in model.trainable_weights),
            "layers": {layer.name: layer.count_params() for layer in model.layers},
        }
        model.save(folder / f"{name}.keras")
        model.save(folder / f"{name}.h5")
        (folder / f"{name}.json").write_text(model.to_json())
        for suffix in ("keras", "h5", "json"):
            counts[f"{name}.{suffix}"] = says
    for name in ("two_of_a_kind", "functional"):
        models[name].save_weights(folder / f"{name}.weights.h5")
        counts[f"{name}.weights.h5"] = {"total": models[name].count_params()}
    runs = {}
    for name in ("lstm", "gru", "gru_reset_before", "simple_rnn", "lstm_no_bias"):
        x = np.random.default_rng(0).standard_normal((1, 7, 3)).astype("float32")
        y = models[name](x).numpy()[0].tolist()
        for suffix in ("keras", "h5"):
            runs[f"{name}.{suffix}"] = {"x": x[0].tolist(), "last": y}
    (folder / "runs.json").write_text(json.dumps(runs) + "\n")
    recurrent = models["lstm"].layers[0].get_weights()[1]
    for suffix in ("keras", "h5"):
        values[f"lstm.{suffix}"] = {"tensor": "recurrent_kernel", "values": recurrent.flatten().tolist()}
    (folder / "values.json").write_text(json.dumps(values) + "\n")
    finish("keras", counts)


def make_hdf5():
    """Structures of HDF5 that Keras' own files here do not show: new-style groups, many members, links, chunks."""
    import h5py
    import numpy as np

    folder = ROOT / "hdf5"
    folder.mkdir(parents=True, exist_ok=True)
    shapes = {}
    for name, options in {"old": {}, "latest": {"libver": "latest"}}.items():
        with h5py.File(folder / f"{name}.h5", "w", **options) as f:
            for i in range(60):
                f.create_dataset(f"group{i:03d}/kernel", data=np.full((i % 5 + 1, 2), i, "f4"))
            f.create_dataset("half", data=np.ones(3, "f2"))
            f.create_dataset("chunked", data=np.ones((20, 10)), chunks=(5, 5), compression="gzip")
            f.create_dataset("never_written", shape=(3,), dtype="f8")
            f["soft"] = h5py.SoftLink("/half")
            f["up"] = f["/"]
            for i in range(12):
                f.attrs[f"note{i}"] = "x" * i
            f.attrs["names"] = np.array([b"abc", b"defgh"])
            f.attrs["long"] = "y" * 70000
            found = {}
            f.visititems(lambda path, item: found.__setitem__(path, list(item.shape)) if hasattr(item, "shape") else None)
            shapes[f"{name}.h5"] = found
    finish("hdf5", shapes)


PARTS = {"torch": make_torch, "torch-script": make_torch_script, "safetensors": make_safetensors, "onnx": make_onnx, "onnx-export": make_onnx_export, "onnx-operators": make_onnx_operators, "keras": make_keras, "hdf5": make_hdf5}

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
