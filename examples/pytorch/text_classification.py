"""Text classification: a bidirectional LSTM over word embeddings, the two last states into a linear layer."""
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

VOCABULARY = 20_000
CLASSES = 4


class TextClassifier(nn.Module):
    def __init__(self, vocabulary=VOCABULARY, embedding=128, hidden=256, layers=2, classes=CLASSES, dropout=0.3):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, embedding, padding_idx=0)
        self.dropout = nn.Dropout(dropout)
        self.lstm = nn.LSTM(embedding, hidden, layers, batch_first=True, bidirectional=True, dropout=dropout)
        self.classifier = nn.Linear(2 * hidden, classes)

    def forward(self, tokens, lengths):
        embedded = self.dropout(self.embedding(tokens))
        packed = pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        _, (hidden, _) = self.lstm(packed)
        last = torch.cat([hidden[-2], hidden[-1]], dim=1)
        return self.classifier(self.dropout(last))


if __name__ == '__main__':
    model = TextClassifier()
    print(sum(p.numel() for p in model.parameters()))
