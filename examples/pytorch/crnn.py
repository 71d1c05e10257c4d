"""Text in images: convolutions turn a picture of a line into a sequence, two LSTMs read it, CTC aligns it."""
from torch import nn


class Reader(nn.Module):
    def __init__(self, height=32, channels=1, classes=37, hidden=256):
        super().__init__()
        if height % 16 != 0:
            raise ValueError('the height must be a multiple of 16')
        widths = [64, 128, 256, 256, 512, 512]
        layers = []
        for i, width in enumerate(widths):
            layers += [nn.Conv2d(channels if i == 0 else widths[i - 1], width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
            if i in (0, 1):
                layers.append(nn.MaxPool2d(2))
            elif i in (3, 5):
                layers.append(nn.MaxPool2d((2, 1)))
        self.cnn = nn.Sequential(*layers)
        self.rnn = nn.LSTM(widths[-1] * (height // 16), hidden, num_layers=2, bidirectional=True)
        self.out = nn.Linear(2 * hidden, classes)

    def forward(self, images):
        features = self.cnn(images)
        batch, channels, height, width = features.size()
        steps = features.permute(3, 0, 1, 2).reshape(width, batch, channels * height)
        output, _ = self.rnn(steps)
        return self.out(output).log_softmax(2)
