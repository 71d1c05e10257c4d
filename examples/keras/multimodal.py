"""Ticket routing from title, body and tags: several inputs, several outputs."""

import keras
from keras import layers

NUM_TAGS, NUM_WORDS, NUM_DEPARTMENTS = 12, 10000, 4

title_input = keras.Input(shape=(None,), name="title")
body_input = keras.Input(shape=(None,), name="body")
tags_input = keras.Input(shape=(NUM_TAGS,), name="tags")

title_features = layers.Embedding(NUM_WORDS, 64)(title_input)
body_features = layers.Embedding(NUM_WORDS, 64)(body_input)
title_features = layers.LSTM(128)(title_features)
body_features = layers.LSTM(32)(body_features)

x = layers.concatenate([title_features, body_features, tags_input])
priority = layers.Dense(1, name="priority")(x)
department = layers.Dense(NUM_DEPARTMENTS, name="department")(x)

model = keras.Model(inputs=[title_input, body_input, tags_input], outputs=[priority, department])
