"""Runs the Keras fixtures and examples and prints what Keras counts in each model they keep in a variable.

Run from the repository's root: KERAS_BACKEND=jax python test/golden/python_fixtures_keras.py > test/golden/python_keras.json
Keras 3.15.1 on JAX made the committed file; text.py asks for TensorFlow (2.21.0) beside it.
"""

import json
import pathlib
import runpy
import sys

import keras


def size(weights):
    return sum(int(keras.ops.size(w)) for w in weights)


def counts(file):
    # Examples build what is only built by data under __main__.
    names = runpy.run_path(str(file), run_name="__main__")
    found = []
    for name, value in names.items():
        if isinstance(value, keras.Model) and not name.startswith("_"):
            found.append(
                {
                    "variable": name,
                    "class": type(value).__name__,
                    "built": bool(value.built),
                    "total": value.count_params() if value.built else None,
                    "trainable": size(value.trainable_weights) if value.built else None,
                }
            )
    return found


def main():
    result = {}
    out, sys.stdout = sys.stdout, sys.stderr
    for folder in ("examples/keras", "test/fixtures/python-keras"):
        for file in sorted(pathlib.Path(folder).glob("*.py")):
            result[file.as_posix()] = counts(file)
    sys.stdout = out
    json.dump({"keras": keras.__version__, "files": result}, out, indent=1)


main()
