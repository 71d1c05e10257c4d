"""Text generation: a word-level language model whose cell is chosen on the command line; the decoder may share the encoder's weights."""
import argparse

from torch import nn

parser = argparse.ArgumentParser(description='Word-level language model')
parser.add_argument('--cell', default='LSTM', choices=['LSTM', 'GRU', 'RNN'])
parser.add_argument('--vocabulary', type=int, default=33278)
parser.add_argument('--embedding', type=int, default=200)
parser.add_argument('--hidden', type=int, default=200)
parser.add_argument('--layers', type=int, default=2)
parser.add_argument('--dropout', type=float, default=0.2)
parser.add_argument('--tied', action='store_true', help='share the embedding with the decoder')


class LanguageModel(nn.Module):
    def __init__(self, cell, vocabulary, embedding, hidden, layers, dropout=0.5, tied=False):
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.encoder = nn.Embedding(vocabulary, embedding)
        self.rnn = getattr(nn, cell)(embedding, hidden, layers, dropout=dropout)
        self.decoder = nn.Linear(hidden, vocabulary)
        if tied:
            if hidden != embedding:
                raise ValueError('tied weights need equal embedding and hidden sizes')
            self.decoder.weight = self.encoder.weight

    def forward(self, tokens, state=None):
        output, state = self.rnn(self.drop(self.encoder(tokens)), state)
        return self.decoder(self.drop(output)), state


def main():
    args = parser.parse_args([])
    model = LanguageModel(args.cell, args.vocabulary, args.embedding, args.hidden, args.layers, args.dropout, args.tied)
    print(sum(p.numel() for p in model.parameters()))
    return model


if __name__ == '__main__':
    main()
