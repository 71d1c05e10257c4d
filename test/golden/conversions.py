"""Asks the real frameworks about every converted file: does it build, how many parameters, does the forward pass run.

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
