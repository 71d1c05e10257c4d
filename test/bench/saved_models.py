"""What a user would open a saved model with: counts its parameters. Answers for saved-models.bench.ts.

    python saved_models.py FORMAT FILE    prints one line of JSON: milliseconds (imports included), megabytes and the count; or why not.
"""

import json
import math
import resource
import sys
import time

START = time.perf_counter()


def torch_pt(path):
    import torch

    return sum(t.numel() for t in torch.load(path, map_location="cpu").values())


def safetensors_file(path):
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as f:
        return sum(math.prod(f.get_slice(key).get_shape()) for key in f.keys())


def hdf5(path):
    import h5py

    sizes = []
    with h5py.File(path) as f:
        f.visititems(lambda _, item: sizes.append(item.size) if isinstance(item, h5py.Dataset) else None)
    return sum(sizes)


def onnx_model(path):
    import onnx

    model = onnx.load(path)
    return sum(math.prod(t.dims) for t in model.graph.initializer)


FORMATS = {"pt": torch_pt, "safetensors": safetensors_file, "h5": hdf5, "onnx": onnx_model}
try:
    count = FORMATS[sys.argv[1]](sys.argv[2])
    answer = {
        "milliseconds": 1000 * (time.perf_counter() - START),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "count": int(count),
    }
except Exception as error:  # noqa: BLE001
    answer = {"absent": f"refuses the made file ({type(error).__name__})"}
print(json.dumps(answer))
