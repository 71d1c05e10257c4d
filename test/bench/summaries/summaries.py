"""What a user would run instead: imports a model file and asks a counter about its model. Answers for summaries.bench.ts.

    python summaries.py TOOL FILE    prints one line of JSON: first (import, build and count, in ms), again (median of doing
                                     the same with the framework imported), the peak memory and the count; or why there is none.

The file is imported, which runs it: that is how these tools work.
"""

import contextlib
import io
import json
import os
import runpy
import statistics
import sys
import time
import warnings

START = time.perf_counter()
warnings.filterwarnings("ignore")
os.environ.setdefault("KERAS_BACKEND", "jax")
TOOL, FILE = sys.argv[1:3]
STEPS, BATCH = 100, 1


def torch_model():
    """The PyTorch text classifier of examples/, with the input it takes."""
    import torch

    names = runpy.run_path(FILE)
    model = names["TextClassifier"]()
    return model, torch.zeros(BATCH, STEPS, dtype=torch.long), torch.full((BATCH,), STEPS)


def torchinfo_counter():
    import torchinfo

    model, tokens, lengths = torch_model()
    return lambda: torchinfo.summary(model, input_data=[tokens, lengths], verbose=0).total_params


def ptflops_counter():
    from ptflops import get_model_complexity_info

    model, tokens, lengths = torch_model()

    def count():
        # It fails on packed sequences, whose MACs it then leaves out; parameters it has all the same.
        get_model_complexity_info(
            model,
            (1,),
            input_constructor=lambda _: {"tokens": tokens, "lengths": lengths},
            as_strings=False,
            print_per_layer_stat=False,
            verbose=False,
            backend="pytorch",
        )
        return sum(p.numel() for p in model.parameters())

    return count


def fvcore_counter():
    from fvcore.nn import FlopCountAnalysis, parameter_count

    model, tokens, lengths = torch_model()

    def count():
        analysis = FlopCountAnalysis(model.eval(), (tokens, lengths))
        analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False).total()
        return parameter_count(model)[""]

    return count


def keras_counter():
    import keras

    names = runpy.run_path(FILE)
    model = next(v for v in names.values() if isinstance(v, keras.Model))

    def count():
        model.summary(print_fn=lambda *_args, **_more: None)
        return model.count_params()

    return count


COUNTERS = {
    "torchinfo": torchinfo_counter,
    "ptflops": ptflops_counter,
    "fvcore": fvcore_counter,
    "keras": keras_counter,
}


def main():
    total = COUNTERS[TOOL]()()
    first = time.perf_counter() - START
    times = []
    for _ in range(7):
        begin = time.perf_counter()
        # The file has changed: it has to be run again.
        COUNTERS[TOOL]()()
        times.append(time.perf_counter() - begin)
    import resource

    return {
        "first": 1000 * first,
        "again": 1000 * statistics.median(times),
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "count": int(total),
    }


try:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        answer = main()
except Exception as error:  # noqa: BLE001
    answer = {"absent": f"{TOOL}: {type(error).__name__}"}
print(json.dumps(answer))
