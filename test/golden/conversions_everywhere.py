"""Asks the real frameworks about every changed file: does it build, how many parameters, does the forward pass run.

    npx tsx test/golden/conversions_everywhere.ts | python3 test/golden/conversions_everywhere.py

Writes test/golden/conversions_everywhere.json, which test/unit/edits holds the changes to. Takes the Pythons given in
RNN_LENS_TORCH_PYTHON and RNN_LENS_KERAS_PYTHON (default: this one); conversions_everywhere_ask.py runs in them.
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def ask(framework, changes, folder):
    jobs = []
    for i, change in enumerate(changes):
        # In a folder of its own under the file's own name: files tell themselves apart by it.
        path = folder / f"{framework}{i}" / Path(change["file"]).name
        path.parent.mkdir()
        path.write_text(change["text"])
        jobs.append({"name": change["name"], "file": change["file"], "model": change["model"], "path": str(path)})
    listed = folder / f"{framework}.json"
    listed.write_text(json.dumps(jobs))
    python = os.environ.get(f"RNN_LENS_{framework.upper()}_PYTHON", sys.executable)
    script = str(HERE / "conversions_everywhere_ask.py")
    out = subprocess.run([python, script, framework, str(listed)], capture_output=True, text=True, check=False)
    lines = [line for line in out.stdout.splitlines() if line.startswith("RESULT")]
    if not lines:
        sys.exit(out.stderr[-2000:])
    return {answer["name"]: answer for answer in json.loads(lines[0][6:])}


def main():
    changes = [c for c in json.load(sys.stdin) if "text" in c]
    folder = Path(tempfile.mkdtemp())
    answers = {}
    for framework in ("torch", "keras"):
        mine = [c for c in changes if ("keras" in c["file"]) == (framework == "keras")]
        answers.update(ask(framework, mine, folder))
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
    (HERE / "conversions_everywhere.json").write_text(json.dumps(golden, indent=2) + "\n")
    print(f"{len(golden)} changes, {len(wrong)} not as predicted", file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
