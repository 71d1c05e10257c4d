"""Next character of a text; the cell is chosen by name."""

import keras
from keras import layers

CELLS = {"lstm": layers.LSTM, "gru": layers.GRU, "rnn": layers.SimpleRNN}
ALPHABET = "abcdefghijklmnopqrstuvwxyz .,!?'\n"


def make_model(cell="gru", embedding=32, units=(256, 128), dropout=0.2):
    model = keras.Sequential(name="generator")
    model.add(keras.Input(shape=(None,)))
    model.add(layers.Embedding(len(ALPHABET) + 1, embedding))
    for size in units:
        model.add(CELLS[cell](size, return_sequences=True, dropout=dropout))
    model.add(layers.Dense(len(ALPHABET) + 1, activation="softmax"))
    return model


gru = make_model()
lstm = make_model("lstm", units=[192])
