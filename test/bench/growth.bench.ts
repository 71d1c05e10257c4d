/**
 * How reading and counting grow with what is read: layers of one model, lines of one file, files of a workspace. Nothing does the same
 * without running the files, so these rows stand alone; each is ten times the one before.
 */
import { analyseSource } from '../../src/engine/analyse';
import { DEFAULT_WORKLOAD } from '../../src/model';
import { report, timed } from './report';

async function read(text: string): Promise<void> {
  const { models } = await analyseSource(
    { file: 'model.py', text },
    { workload: DEFAULT_WORKLOAD, assumptions: new Map(), load: () => Promise.resolve(undefined) },
  );
  if (models.length === 0) throw new Error('the bench reads no model');
}

const IMPORT = 'import torch.nn as nn\n\n';

function layers(n: number): string {
  const made = Array.from(
    { length: n },
    (_, i) => `        self.rnn${i} = nn.GRU(32, 32, batch_first=True)\n`,
  );
  const used = Array.from({ length: n }, (_, i) => `        x, _ = self.rnn${i}(x)\n`);
  return `${IMPORT}class Stack(nn.Module):\n    def __init__(self):\n        super().__init__()\n${made.join('')}\n    def forward(self, x):\n${used.join('')}        return x\n`;
}

/** A small model behind so many lines of other code. */
function lines(n: number): string {
  const block = (i: number) =>
    `def load_${i}(path, size=${i}):\n    with open(path) as file:\n        return [float(line) for line in file][:size]\n\n`;
  return `${IMPORT}${Array.from({ length: Math.floor(n / 4) }, (_, i) => block(i)).join('')}model = nn.LSTM(64, 128)\n`;
}

async function main(): Promise<void> {
  for (const n of [1, 10, 100, 1000]) {
    const text = layers(n);
    report({ what: 'growth, layers', on: `${n}`, ours: await timed(() => read(text), 5, 2), unit: 'ms' });
  }
  for (const n of [100, 1000, 10_000]) {
    const text = lines(n);
    report({ what: 'growth, lines', on: `${n}`, ours: await timed(() => read(text), 5, 2), unit: 'ms' });
  }
  for (const n of [10, 100, 1000]) {
    const texts = Array.from({ length: n }, (_, i) => layers(1 + (i % 3)));
    const all = async () => {
      for (const text of texts) await read(text);
    };
    report({ what: 'growth, files (scan)', on: `${n}`, ours: await timed(all, 3, 1), unit: 'ms' });
  }
}

void main();
