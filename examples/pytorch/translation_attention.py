"""Translation: an encoder and a decoder with additive attention, one decoder step per target word."""
import torch
import torch.nn.functional as F
from torch import nn

SOURCE_WORDS, TARGET_WORDS = 7855, 5893


class Encoder(nn.Module):
    def __init__(self, words, embedding=256, hidden=512):
        super().__init__()
        self.embedding = nn.Embedding(words, embedding)
        self.rnn = nn.GRU(embedding, hidden, bidirectional=True)
        self.bridge = nn.Linear(hidden * 2, hidden)

    def forward(self, source):
        outputs, hidden = self.rnn(self.embedding(source))
        return outputs, torch.tanh(self.bridge(torch.cat((hidden[-2], hidden[-1]), dim=1)))


class Attention(nn.Module):
    def __init__(self, hidden=512):
        super().__init__()
        self.score = nn.Linear(hidden * 3, hidden)
        self.weigh = nn.Linear(hidden, 1, bias=False)

    def forward(self, state, outputs):
        steps = outputs.shape[0]
        state = state.unsqueeze(0).expand(steps, -1, -1)
        energy = torch.tanh(self.score(torch.cat((state, outputs), dim=2)))
        return F.softmax(self.weigh(energy), dim=0)


class Decoder(nn.Module):
    def __init__(self, words, embedding=256, hidden=512):
        super().__init__()
        self.attention = Attention(hidden)
        self.embedding = nn.Embedding(words, embedding)
        self.cell = nn.GRUCell(embedding + hidden * 2, hidden)
        self.out = nn.Linear(hidden, words)

    def forward(self, word, state, outputs):
        weights = self.attention(state, outputs)
        context = (weights * outputs).sum(dim=0)
        state = self.cell(torch.cat((self.embedding(word), context), dim=1), state)
        return self.out(state), state


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder(SOURCE_WORDS)
        self.decoder = Decoder(TARGET_WORDS)

    def forward(self, source, target):
        outputs, state = self.encoder(source)
        logits = []
        for word in target:
            step, state = self.decoder(word, state, outputs)
            logits.append(step)
        return torch.stack(logits)
