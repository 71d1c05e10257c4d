"""Asks the real frameworks about every changed file: does it build, how many parameters, does the forward pass run, and where a
layer was given another start, does some layer of the model start so.

    npx tsx test/golden/conversions.ts | python3 test/golden/conversions.py

Writes test/golden/conversions.json, which test/unit/edits holds the conversions to. Takes the Python given in
RNN_LENS_TORCH_PYTHON and RNN_LENS_KERAS_PYTHON (default: this one).
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ASK = """
import importlib.util, json, os, sys
os.environ.setdefault("KERAS_BACKEND", "jax")


def blocks(model):
    # Of each recurrent layer: the recurrent blocks by gate as rows of [H, H], and the biases of the gate that remembers.
    import numpy
    if hasattr(model, "parameters"):
        for module in model.modules():
            for suffix in ("", "_l0"):
                kernel = getattr(module, "weight_hh" + suffix, None)
                if kernel is None:
                    continue
                hidden = kernel.shape[1]
                bias = getattr(module, "bias_ih" + suffix, None)
                forget = None if bias is None else bias.detach().numpy()[hidden : 2 * hidden]
                yield kernel.detach().numpy().reshape(-1, hidden, hidden), forget
        return
    for layer in model._flatten_layers():
        kernel = getattr(layer, "recurrent_kernel", None)
        if kernel is None:
            continue
        kernel = numpy.asarray(kernel)
        hidden = kernel.shape[0]
        gates = kernel.shape[1] // hidden
        at = {4: 1, 3: 0, 1: 0}[gates]
        bias = getattr(layer, "bias", None)
        flat = None if bias is None else numpy.asarray(bias).reshape(-1)[at * hidden : (at + 1) * hidden]
        # Keras' own orthogonal matrix spans the gates, so its rows are what is orthonormal.
        yield kernel[None], flat


def starts(model, kind):
    import numpy
    for kernel, forget in blocks(model):
        if kind == "forget-bias" and forget is not None and numpy.all(forget == 1):
            return True
        if kind == "chrono" and forget is not None and 0 <= forget.min() < forget.max() <= numpy.log(99):
            return True
        product = numpy.einsum("gij,gkj->gik", kernel, kernel)
        if kind == "orthogonal" and numpy.allclose(product, numpy.eye(product.shape[1]), atol=1e-5):
            return True
        if kind == "identity" and numpy.array_equal(kernel, numpy.broadcast_to(numpy.eye(kernel.shape[1]), kernel.shape)):
            return True
    return False


results = []
for name, path in json.load(open(sys.argv[1])):
    try:
        spec = importlib.util.spec_from_file_location("converted", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        model = module.build()
        if hasattr(model, "parameters"):
            total = sum(p.numel() for p in model.parameters())
        else:
            total = model.count_params()
        module.run(model)
        if " start " in name and not starts(model, name.split(" start ")[1]):
            raise ValueError("no layer starts so")
        results.append({"name": name, "total": int(total)})
    except Exception as error:
        results.append({"name": name, "error": f"{type(error).__name__}: {error}"[:300]})
print("RESULT" + json.dumps(results))
"""


def ask(python, jobs):
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as list_file:
        json.dump(jobs, list_file)
    out = subprocess.run([python, "-c", ASK, list_file.name], capture_output=True, text=True, check=False)
    lines = [line for line in out.stdout.splitlines() if line.startswith("RESULT")]
    if not lines:
        sys.exit(out.stderr[-2000:])
    return json.loads(lines[0][6:])


def main():
    changes = [c for c in json.load(sys.stdin) if "text" in c]
    folder = Path(tempfile.mkdtemp())
    jobs = {"torch": [], "keras": []}
    for i, change in enumerate(changes):
        path = folder / f"converted_{i}.py"
        path.write_text(change["text"])
        jobs["torch" if change["name"].startswith("torch") else "keras"].append((change["name"], str(path)))
    answers = {}
    for framework, list_ in jobs.items():
        python = os.environ.get(f"RNN_LENS_{framework.upper()}_PYTHON", sys.executable)
        for answer in ask(python, list_) if list_ else []:
            answers[answer["name"]] = answer
    golden = [
        {
            "name": c["name"],
            "sha256": hashlib.sha256(c["text"].encode()).hexdigest(),
            "predicted": c["predicted"],
            **{k: v for k, v in answers[c["name"]].items() if k != "name"},
        }
        for c in changes
    ]
    wrong = [g for g in golden if g.get("total") != g["predicted"]]
    for g in wrong:
        print(g, file=sys.stderr)
    Path(__file__).with_name("conversions.json").write_text(json.dumps(golden, indent=2) + "\n")
    print(f"{len(golden)} conversions, {len(wrong)} not as predicted", file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
