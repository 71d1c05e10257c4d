"""Next day of a time series from the last 30."""

from dataclasses import dataclass

import keras
from keras.layers import GRU, Dense, Dropout, Input


@dataclass
class Config:
    window: int = 30
    features: int = 8
    units: int = 64
    layers: int = 2
    horizon: int = 7


def build(config: Config) -> keras.Sequential:
    stack = [Input(shape=(config.window, config.features))]
    for i in range(config.layers):
        stack.append(GRU(config.units // (i + 1), return_sequences=i + 1 < config.layers))
        stack.append(Dropout(0.1))
    stack.append(Dense(config.horizon))
    return keras.Sequential(stack)


model = build(Config())
small = build(Config(units=32, layers=1))
