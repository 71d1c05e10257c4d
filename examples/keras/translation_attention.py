"""Encoder and decoder with attention between them, as a model of its own class."""

import keras
from keras import layers


class Encoder(layers.Layer):
    def __init__(self, vocabulary, units):
        super().__init__()
        self.embedding = layers.Embedding(vocabulary, units)
        self.rnn = layers.Bidirectional(layers.GRU(units, return_sequences=True), merge_mode="sum")

    def call(self, source):
        return self.rnn(self.embedding(source))


class CrossAttention(layers.Layer):
    def __init__(self, units, heads=1):
        super().__init__()
        self.attention = layers.MultiHeadAttention(num_heads=heads, key_dim=units)
        self.norm = layers.LayerNormalization()
        self.add = layers.Add()

    def call(self, x, context):
        seen = self.attention(query=x, value=context)
        return self.norm(self.add([x, seen]))


class Decoder(layers.Layer):
    def __init__(self, vocabulary, units):
        super().__init__()
        self.embedding = layers.Embedding(vocabulary, units)
        self.rnn = layers.GRU(units, return_sequences=True, return_state=True)
        self.attention = CrossAttention(units)
        self.output_layer = layers.Dense(vocabulary)

    def call(self, context, target):
        x, state = self.rnn(self.embedding(target))
        return self.output_layer(self.attention(x, context))


class Translator(keras.Model):
    def __init__(self, units=256, source_vocabulary=5000, target_vocabulary=4000):
        super().__init__()
        self.encoder = Encoder(source_vocabulary, units)
        self.decoder = Decoder(target_vocabulary, units)

    def call(self, inputs):
        source, target = inputs
        context = self.encoder(source)
        return self.decoder(context, target)


translator = Translator()

if __name__ == "__main__":
    import numpy as np

    translator((np.zeros((1, 7), "int32"), np.zeros((1, 5), "int32")))
    translator.summary()
