"""Asks the ONNX operators' own schemas for the shapes of their tensors. Pinned to onnx 1.23.2."""

import re

import onnx

from common import distinct, row, write
from draws import recurrent

OPERATORS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}


def shapes(kind, c):
    """The shapes that the operator's schema prints, with the configuration's sizes put in."""
    sizes = {
        "num_directions": c.get("directions", 1),
        "hidden_size": c["hiddenSize"],
        "input_size": c["inputSize"],
    }
    for tensor in onnx.defs.get_schema(OPERATORS[kind]).inputs:
        if tensor.name not in ("W", "R", "B", "P"):
            continue
        if tensor.name == "B" and not c["bias"] or tensor.name == "P" and not c.get("peepholes"):
            continue
        text = re.search(r"shape\s+`\[([^\]]*)\]`", " ".join(tensor.description.split())).group(1)
        shape = []
        for axis in text.split(","):
            number = 1
            for factor in axis.split("*"):
                number *= sizes[factor.strip()] if factor.strip() in sizes else int(factor)
            shape.append(number)
        yield tensor.name, shape


def ask(c):
    tensors = list(shapes(c["kind"], c))
    total = 0
    for _, shape in tensors:
        elements = 1
        for axis in shape:
            elements *= axis
        total += elements
    return row(c, tensors, total, total)


configs = [
    *recurrent("onnx", list(OPERATORS), 45, directions=[1, 2], bias=[0, 1]),
    *recurrent("onnx peepholes", ["lstm"], 10, directions=[1, 2], bias=[0, 1], peepholes=[0, 1]),
]
write("onnx", "onnx", {"onnx": onnx.__version__}, [ask(c) for c in distinct(configs)])
