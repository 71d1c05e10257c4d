"""The GRU of the textbooks, written by hand from linear layers.

    z = sigmoid(W_z x + U_z h)        update gate
    r = sigmoid(W_r x + U_r h)        reset gate
    n = tanh(W x + U (r * h))         candidate: the reset gate acts before the product
    h' = (1 - z) * h + z * n
"""
import torch
from torch import nn


class TextbookGRUCell(nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.hidden = hidden
        self.w_z = nn.Linear(inputs, hidden)
        self.u_z = nn.Linear(hidden, hidden, bias=False)
        self.w_r = nn.Linear(inputs, hidden)
        self.u_r = nn.Linear(hidden, hidden, bias=False)
        self.w = nn.Linear(inputs, hidden)
        self.u = nn.Linear(hidden, hidden, bias=False)

    def forward(self, x, h):
        z = torch.sigmoid(self.w_z(x) + self.u_z(h))
        r = torch.sigmoid(self.w_r(x) + self.u_r(h))
        n = torch.tanh(self.w(x) + self.u(r * h))
        return (1 - z) * h + z * n


class TextbookGRU(nn.Module):
    def __init__(self, vocabulary=80, embedding=32, hidden=64):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding)
        self.cell = TextbookGRUCell(embedding, hidden)
        self.out = nn.Linear(hidden, vocabulary)

    def forward(self, tokens):
        h = torch.zeros(tokens.size(1), self.cell.hidden)
        outputs = []
        for x in self.embedding(tokens):
            h = self.cell(x, h)
            outputs.append(h)
        return self.out(torch.stack(outputs))
