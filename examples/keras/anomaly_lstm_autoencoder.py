"""Anomalies are what the autoencoder cannot repeat."""

import keras
from keras import layers

TIME_STEPS, FEATURES = 24, 3

encoder = keras.Sequential(
    [
        keras.Input(shape=(TIME_STEPS, FEATURES)),
        layers.LSTM(64, return_sequences=True),
        layers.LSTM(16),
    ],
    name="encoder",
)
decoder = keras.Sequential(
    [
        layers.RepeatVector(TIME_STEPS),
        layers.LSTM(16, return_sequences=True),
        layers.LSTM(64, return_sequences=True),
        layers.TimeDistributed(layers.Dense(FEATURES)),
    ],
    name="decoder",
)
inputs = keras.Input(shape=(TIME_STEPS, FEATURES))
autoencoder = keras.Model(inputs, decoder(encoder(inputs)), name="autoencoder")
