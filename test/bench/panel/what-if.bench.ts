/** What the page recomputes at every move of a slider: the costs of the changed model and the curves over the hidden size. */
import { analyseSource } from '../../../src/engine/analyse';
import { whatIfView, writtenValues } from '../../../src/engine/panel/what-if';
import { DEFAULT_WORKLOAD, isRecurrent } from '../../../src/model';
import { report, timed } from '../report';

const SOURCE = `import torch.nn as nn
class LanguageModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(33278, 200)
        self.rnn = nn.LSTM(200, 200, 2)
        self.decoder = nn.Linear(200, 33278)
    def forward(self, x):
        return self.decoder(self.rnn(self.encoder(x))[0])
`;

async function main(): Promise<void> {
  const { models } = await analyseSource(
    { file: 'model.py', text: SOURCE },
    { workload: DEFAULT_WORKLOAD, assumptions: new Map(), load: () => Promise.resolve(undefined) },
  );
  const model = models[0]!;
  const layer = model.model.layers.find(isRecurrent)!;
  const written = writtenValues(layer, DEFAULT_WORKLOAD)!;
  let hiddenSize = 1;
  const move = () => {
    const values = { ...written, hiddenSize: 300 + (hiddenSize++ % 100) };
    whatIfView({ layer, model, whatIf: { values, changed: undefined, apply: { possible: false } } });
  };
  report({
    what: 'what if',
    on: 'one move of a slider, 3 layers',
    ours: await timed(move, 50, 10),
    unit: 'ms',
    limit: 16,
  });
}

void main();
