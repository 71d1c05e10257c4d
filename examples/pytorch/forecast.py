"""Time-series forecast: stacked GRUs over a window of measurements predict the next day."""
from dataclasses import dataclass

from torch import nn


@dataclass
class Settings:
    features: int = 14
    hidden: int = 96
    layers: int = 3
    horizon: int = 24
    dropout: float = 0.1


class Forecaster(nn.Module):
    def __init__(self, settings: Settings):
        super().__init__()
        self.norm = nn.LayerNorm(settings.features)
        self.rnn = nn.GRU(settings.features, settings.hidden, settings.layers, batch_first=True, dropout=settings.dropout)
        self.head = nn.Sequential(
            nn.Linear(settings.hidden, settings.hidden // 2),
            nn.ReLU(),
            nn.Linear(settings.hidden // 2, settings.horizon),
        )

    def forward(self, window):
        output, _ = self.rnn(self.norm(window))
        return self.head(output[:, -1])


model = Forecaster(Settings())
