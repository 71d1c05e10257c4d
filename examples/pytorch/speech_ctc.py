"""Speech recognition: stacked bidirectional GRUs over spectrogram frames, trained with CTC."""
from torch import nn

LETTERS = " 'abcdefghijklmnopqrstuvwxyz"
BLANK = 1


class Level(nn.Module):
    """One bidirectional layer whose two directions are summed."""

    def __init__(self, inputs, hidden):
        super().__init__()
        self.norm = nn.BatchNorm1d(inputs)
        self.rnn = nn.GRU(inputs, hidden, bidirectional=True, bias=False)

    def forward(self, x):
        steps, batch, size = x.size()
        x = self.norm(x.reshape(steps * batch, size)).view(steps, batch, size)
        x, _ = self.rnn(x)
        return x.view(x.size(0), x.size(1), 2, -1).sum(2)


class Listener(nn.Module):
    def __init__(self, bins=161, hidden=400, levels=5):
        super().__init__()
        self.conv = nn.Conv1d(bins, hidden, kernel_size=11, stride=2, padding=5)
        self.levels = nn.ModuleList([Level(hidden, hidden) for _ in range(levels)])
        self.out = nn.Linear(hidden, len(LETTERS) + BLANK, bias=False)

    def forward(self, spectrogram):
        x = self.conv(spectrogram).permute(2, 0, 1)
        for level in self.levels:
            x = level(x)
        return self.out(x)
