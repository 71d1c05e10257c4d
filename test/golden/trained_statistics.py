"""Gate biases and recurrent blocks of the saved PyTorch fixtures, by PyTorch and numpy in float64.

    python3 trained_statistics.py     # PyTorch 1.13 or later

Writes ../fixtures/saved/torch/trained.json: file -> layer -> one entry for each stacked layer and direction, gates in PyTorch's order.
"""
import json
from pathlib import Path

import numpy as np
import torch

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "saved" / "torch"
GATES = {4: ["input", "forget", "candidate", "output"], 3: ["reset", "update", "candidate"], 1: ["hidden"]}
LAYERS = {
    "lstm.pt": {"": ["_l0"]},
    "net.pt": {"encoder.": ["_l0", "_l0_reverse", "_l1", "_l1_reverse"], "decoder.": [""]},
}


def facts(state, prefix, suffix):
    part = lambda name: state[f"{prefix}{name}{suffix}"].double().numpy()
    kernel = part("weight_hh")
    size = kernel.shape[1]
    names = GATES[kernel.shape[0] // size]
    blocks = kernel.reshape(len(names), size, size)
    ours, fed_back = part("bias_ih").reshape(len(names), size), part("bias_hh").reshape(len(names), size)
    bias = ours + fed_back
    if len(names) == 3:
        bias[2] = ours[2]  # The reset gate acts on the candidate's second bias, so that it stays apart.
    return [
        {
            "gate": name,
            "bias": {"mean": b.mean(), "std": b.std(), "min": b.min(), "max": b.max()},
            "sigmaMax": np.linalg.svd(block)[1].max(),
            "spectralRadius": np.abs(np.linalg.eigvals(block)).max(),
        }
        for name, b, block in zip(names, bias, blocks)
    ]


result = {
    file: {prefix.rstrip("."): [facts(torch.load(FOLDER / file), prefix, s) for s in suffixes] for prefix, suffixes in layers.items()}
    for file, layers in LAYERS.items()
}
(FOLDER / "trained.json").write_text(json.dumps(result, indent=1) + "\n")
