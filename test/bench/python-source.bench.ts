/**
 * What reading a Python file of 2,000 lines costs, from nothing and after a keystroke: the examples' models twice over, each among training
 * code as it stands in such files. Prints both times and fails above the limits. The time is that of the process, not of the clock, so
 * that other programs on the machine count less; the median of many readings, after the compiler has warmed up.
 *
 *   npm run bench -- python-source
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ReaderMemory } from '../../src/readers/memory';
import { readPython } from '../../src/readers/python';
import { median, report } from './report';

const LINES = 2_000;
const COPIES = 2;
const LIMIT_MS = { full: 60, again: 15 };
const WARM_UP = 15;
const RUNS = 40;
const EXAMPLES = fileURLToPath(new URL('../../examples/pytorch/', import.meta.url));

/** Code around models: loading, a training loop, metrics. */
function trainingCode(n: number): string {
  return `
def load_batches_${n}(path, batch_size=32, shuffle=True):
    """Reads (input, target) pairs and puts them into batches."""
    batches, inputs, targets = [], [], []
    with open(path) as lines:
        for line in lines:
            values = [float(v) for v in line.strip().split(',')]
            inputs.append(values[:-1])
            targets.append(values[-1])
            if len(inputs) == batch_size:
                batches.append((torch.tensor(inputs), torch.tensor(targets)))
                inputs, targets = [], []
    if shuffle:
        random.shuffle(batches)
    return batches


def train_epoch_${n}(model, batches, optimizer, clip=0.25, log_interval=100):
    model.train()
    total, start = 0.0, time.time()
    for i, (inputs, targets) in enumerate(batches):
        optimizer.zero_grad()
        loss = F.mse_loss(model(inputs).squeeze(-1), targets)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        total += loss.item()
        if i % log_interval == 0 and i > 0:
            print('batch {:5d}/{:5d} | loss {:5.3f} | {:.1f} s'.format(i, len(batches), total / i, time.time() - start))
    return total / max(1, len(batches))


@torch.no_grad()
def evaluate_${n}(model, batches):
    model.eval()
    errors = [abs(model(inputs).squeeze(-1) - targets).mean().item() for inputs, targets in batches]
    return {'mean': sum(errors) / len(errors), 'worst': max(errors)} if errors else {}

`;
}

function makeFile(): string {
  const names = readdirSync(EXAMPLES).filter((f) => f.endsWith('.py'));
  const models = Array.from({ length: COPIES }, (_, copy) =>
    names.map((name) =>
      readFileSync(EXAMPLES + name, 'utf8').replace(
        /\b(?:[A-Z]\w*(?:Model|Net|GRU\w*|Classifier|Encoder)|Encoder|Decoder|Translator|Forecaster|Listener|Level|Attention|CRNN)\b(?=\(|\n|:)/g,
        (word) => (word.startsWith('nn') ? word : `${word}${copy}`),
      ),
    ),
  ).flat();
  let text =
    'import random\nimport time\n\nimport torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n\n';
  const parts = [...models];
  for (let n = 0; text.split('\n').length < LINES; n++) text += `${parts.shift() ?? ''}\n${trainingCode(n)}`;
  return text;
}

function milliseconds(run: () => void): number {
  const { user, system } = process.cpuUsage();
  run();
  const after = process.cpuUsage();
  return (after.user + after.system - user - system) / 1000;
}

/** Reads once per version of the text, all versions one keystroke apart, in different places. */
function measure(text: string, memory: ReaderMemory | undefined): { ms: number; models: number } {
  const places = [...text.matchAll(/(?<=nn\.\w+\(.*\d)(?=[,)])/g)].map((m) => m.index);
  const times: number[] = [];
  let models = 0;
  for (let i = 0; i < WARM_UP + RUNS; i++) {
    const at = places[(i * 7) % places.length]!;
    const changed = `${text.slice(0, at)}${i % 10}${text.slice(at)}`;
    const ms = milliseconds(() => {
      const options = { assumptions: new Map(), ...(memory && { memory }) };
      models = readPython({ file: 'bench.py', text: changed }, options).models.length;
    });
    if (i >= WARM_UP) times.push(ms);
  }
  return { ms: median(times), models };
}

const text = makeFile();
const full = measure(text, undefined);
const again = measure(text, new ReaderMemory());
const other = { absent: 'nothing reads it without running it' };
const on = `${text.split('\n').length} lines, ${full.models} models`;
report({ what: 'read', on, ours: full.ms, unit: 'ms', limit: LIMIT_MS.full, other });
report({ what: 're-read, after a key', on, ours: again.ms, unit: 'ms', limit: LIMIT_MS.again, other });
if (full.models < 20 || full.models !== again.models)
  throw new Error('the bench does not read what it should');
