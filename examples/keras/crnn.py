"""Text in a picture: convolutions read columns, recurrent layers read the line."""

import keras
from keras import layers

WIDTH, HEIGHT = 128, 32
CHARACTERS = 79

image = keras.Input(shape=(WIDTH, HEIGHT, 1), name="image")
x = image
for i, filters in enumerate((32, 64)):
    x = layers.Conv2D(filters, (3, 3), activation="relu", padding="same", name=f"conv{i + 1}")(x)
    x = layers.MaxPooling2D((2, 2), name=f"pool{i + 1}")(x)
x = layers.Reshape(target_shape=(WIDTH // 4, (HEIGHT // 4) * 64))(x)
x = layers.Dense(64, activation="relu")(x)
x = layers.Dropout(0.2)(x)
x = layers.Bidirectional(layers.LSTM(128, return_sequences=True, dropout=0.25))(x)
x = layers.Bidirectional(layers.LSTM(64, return_sequences=True, dropout=0.25))(x)
characters = layers.Dense(CHARACTERS + 2, activation="softmax", name="characters")(x)
model = keras.Model(image, characters, name="crnn")
