"""Several inputs: a picture, a sentence and numbers, each with an encoder of its own, joined for one answer."""
import torch
from torch import nn


class Multimodal(nn.Module):
    def __init__(self, words=5000, numbers=12, hidden=128, answers=10):
        super().__init__()
        self.picture = nn.Sequential(
            nn.Conv2d(3, 32, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )
        self.words = nn.Embedding(words, 64)
        self.sentence = nn.LSTM(64, hidden, batch_first=True)
        self.numbers = nn.Sequential(nn.Linear(numbers, 32), nn.Tanh())
        self.join = nn.Sequential(nn.Linear(64 + hidden + 32, hidden), nn.ReLU(), nn.Dropout(0.2), nn.Linear(hidden, answers))

    def forward(self, picture, sentence, numbers):
        _, (state, _) = self.sentence(self.words(sentence))
        parts = [self.picture(picture), state[-1], self.numbers(numbers)]
        return self.join(torch.cat(parts, dim=1))
