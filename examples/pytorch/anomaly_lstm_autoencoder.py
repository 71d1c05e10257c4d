"""Anomaly detection: an LSTM autoencoder; what it cannot reconstruct is unusual."""
from torch import nn


class Encoder(nn.Module):
    def __init__(self, features, code):
        super().__init__()
        self.wide = nn.LSTM(features, 2 * code, batch_first=True)
        self.narrow = nn.LSTM(2 * code, code, batch_first=True)

    def forward(self, x):
        x, _ = self.wide(x)
        _, (code, _) = self.narrow(x)
        return code[-1]


class Decoder(nn.Module):
    def __init__(self, code, features):
        super().__init__()
        self.narrow = nn.LSTM(code, code, batch_first=True)
        self.wide = nn.LSTM(code, 2 * code, batch_first=True)
        self.out = nn.Linear(2 * code, features)

    def forward(self, code, steps):
        x = code.unsqueeze(1).repeat(1, steps, 1)
        x, _ = self.narrow(x)
        x, _ = self.wide(x)
        return self.out(x)


class AutoEncoder(nn.Module):
    def __init__(self, features=8, code=64):
        super().__init__()
        self.encoder = Encoder(features, code)
        self.decoder = Decoder(code, features)

    def forward(self, x):
        steps = x.shape[1]
        return self.decoder(self.encoder(x), steps)
