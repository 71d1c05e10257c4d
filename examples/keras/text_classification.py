"""Sentiment of a review with two stacked bidirectional LSTMs."""

import keras
from keras import layers

MAX_FEATURES = 20_000

inputs = keras.Input(shape=(None,), dtype="int32")
x = layers.Embedding(MAX_FEATURES, 128)(inputs)
x = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(x)
x = layers.Bidirectional(layers.LSTM(64))(x)
outputs = layers.Dense(1, activation="sigmoid")(x)
model = keras.Model(inputs, outputs)

if __name__ == "__main__":
    model.summary()
