"""Videos: every frame through the same small convolutional model, then time."""

import keras
from keras import layers

FRAMES, SIZE, CLASSES = 16, 48, 10

frame_model = keras.Sequential(
    [
        keras.Input(shape=(SIZE, SIZE, 3)),
        layers.Conv2D(16, 3, strides=2),
        layers.BatchNormalization(),
        layers.ReLU(),
        layers.SeparableConv2D(32, 3, strides=2),
        layers.GlobalAveragePooling2D(),
    ],
    name="frame",
)

video = keras.Input(shape=(FRAMES, SIZE, SIZE, 3))
x = layers.TimeDistributed(frame_model)(video)
x = layers.GRU(32, return_sequences=True)(x)
x = layers.GRU(16)(x)
classifier = keras.Model(video, layers.Dense(CLASSES, activation="softmax")(x))

motion = keras.Sequential(
    [
        keras.Input(shape=(None, 24, 24, 1)),
        layers.ConvLSTM2D(16, (5, 5), padding="same", return_sequences=True),
        layers.BatchNormalization(),
        layers.ConvLSTM2D(16, (3, 3), padding="same", return_sequences=True),
        layers.Conv3D(1, (3, 3, 3), activation="sigmoid", padding="same"),
    ]
)
