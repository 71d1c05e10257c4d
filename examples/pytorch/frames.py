"""Videos: every frame through the same small convolutional model, then time."""
from torch import nn

FRAMES, SIZE, CLASSES = 16, 48, 10


class FrameModel(nn.Module):
    def __init__(self, channels=3, width=32):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, 16, 3, stride=2),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            # A separable convolution: each channel by itself, then all of them in every place.
            nn.Conv2d(16, 16, 3, stride=2, groups=16, bias=False),
            nn.Conv2d(16, width, 1),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
        )

    def forward(self, frames):
        return self.layers(frames)


class VideoClassifier(nn.Module):
    def __init__(self, width=32, hidden=32):
        super().__init__()
        self.frame = FrameModel(width=width)
        self.time = nn.GRU(width, hidden, batch_first=True)
        self.summary = nn.GRU(hidden, 16, batch_first=True)
        self.out = nn.Linear(16, CLASSES)

    def forward(self, video):
        batch, frames, channels, height, width = video.shape
        features = self.frame(video.reshape(batch * frames, channels, height, width))
        sequence, _ = self.time(features.reshape(batch, frames, -1))
        _, state = self.summary(sequence)
        return self.out(state[-1])
