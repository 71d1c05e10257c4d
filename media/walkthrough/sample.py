# A language model with an LSTM: 13,987,678 parameters. Hover over nn.LSTM, or over the class's name.
import torch.nn as nn

VOCABULARY = 33278
SIZE = 200


class LanguageModel(nn.Module):
    def __init__(self, vocabulary=VOCABULARY, size=SIZE, layers=2):
        super().__init__()
        self.encoder = nn.Embedding(vocabulary, size)
        self.rnn = nn.LSTM(size, size, layers, dropout=0.5)
        self.decoder = nn.Linear(size, vocabulary)

    def forward(self, tokens, state=None):
        output, state = self.rnn(self.encoder(tokens), state)
        return self.decoder(output), state
