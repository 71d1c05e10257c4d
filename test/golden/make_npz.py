"""Writes the weights of a small PyTorch model as a NumPy archive, for the worked example of CONTRIBUTING.md, and prints what PyTorch counts.

    /usr/bin/python3 test/golden/make_npz.py
"""

import pathlib

import numpy
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(3, 4, num_layers=2, bidirectional=True)
        self.fc = nn.Linear(8, 2)


torch.manual_seed(0)
model = Tagger()
path = pathlib.Path(__file__).parent.parent / "fixtures" / "contributing" / "tagger.npz"
numpy.savez_compressed(path, **{name: t.numpy() for name, t in model.state_dict().items()})
print(sum(p.numel() for p in model.parameters()))
