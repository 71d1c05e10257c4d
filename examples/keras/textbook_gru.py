"""The GRU of the textbooks, written by hand: the reset gate acts before the recurrent product."""

import keras
from keras import layers, ops


class TextbookGRUCell(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units
        self.update_gate = layers.Dense(units, activation="sigmoid")
        self.reset_gate = layers.Dense(units, activation="sigmoid")
        self.candidate = layers.Dense(units, activation="tanh")

    def call(self, x, h):
        both = ops.concatenate([x, h], axis=-1)
        z = self.update_gate(both)
        r = self.reset_gate(both)
        c = self.candidate(ops.concatenate([x, r * h], axis=-1))
        return (1 - z) * h + z * c


FEATURES, UNITS, STEPS = 6, 20, 4

sequence = keras.Input(shape=(STEPS, FEATURES))
state = keras.Input(shape=(UNITS,))
cell = TextbookGRUCell(UNITS)
h = state
for t in range(STEPS):
    h = cell(sequence[:, t], h)
model = keras.Model([sequence, state], layers.Dense(1)(h))
