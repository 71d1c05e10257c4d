import assert from 'node:assert/strict';
import { analyseSource } from '../../../src/engine/analyse';
import { calledNames } from '../../../src/engine/call-sites';
import { DEFAULT_WORKLOAD, valueOf } from '../../../src/model';

const FILES: Readonly<Record<string, string>> = {
  '/code/model.py': `import torch.nn as nn

class Tagger(nn.Module):
    def __init__(self, words, size, tags=5):
        super().__init__()
        self.embed = nn.Embedding(words, size)
        self.rnn = nn.LSTM(size, size)
        self.out = nn.Linear(size, tags)

class Inner(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.fc = nn.Linear(n, n)

class Outer(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.inner = Inner(n)
`,
  '/code/train.py': `import argparse
from model import Tagger
parser = argparse.ArgumentParser()
parser.add_argument('--size', type=int, default=8)
args = parser.parse_args()
tagger = Tagger(100, args.size)
`,
  '/code/small.py': `import model
net = model.Tagger(10, 4, tags=2)
`,
  '/code/build.py': `from model import Outer
def build(options):
    return Outer(options.n)
`,
  '/code/run.py': `from types import SimpleNamespace
from build import build
build(SimpleNamespace(n=3))
`,
  '/code/other.py': `class Tagger:
    pass
Tagger(1, 2)
`,
};

function analyse(file: string, files = FILES) {
  return analyseSource(
    { file, text: files[file]! },
    {
      workload: DEFAULT_WORKLOAD,
      assumptions: new Map(),
      load: (path) => Promise.resolve(files[path]),
      calls: (names) =>
        Promise.resolve(Object.keys(files).filter((f) => names.some((n) => calledNames(files[f]!).has(n)))),
    },
  );
}

describe('Call sites of the workspace', () => {
  it('show a class as other files construct it, each call apart', async () => {
    const { models } = await analyse('/code/model.py');
    const taggers = models.filter((m) => m.model.name === 'Tagger');
    assert.deepEqual(
      taggers.map((m) => [
        m.model.construction?.text,
        m.model.construction?.source.file,
        m.model.source.file,
        m.params && valueOf(m.params.total),
      ]),
      [
        // 100·8 + 4·8·(8 + 8 + 2) + 8·5 + 5
        ['Tagger(100, args.size) (train.py:6)', '/code/train.py', '/code/model.py', 800 + 576 + 45],
        ['model.Tagger(10, 4, tags=2) (small.py:2)', '/code/small.py', '/code/model.py', 40 + 160 + 10],
      ],
    );
  });

  it('are followed through the function that constructs, and inner classes come along', async () => {
    const { models } = await analyse('/code/model.py');
    for (const name of ['Outer', 'Inner']) {
      const found = models.filter((m) => m.model.name === name);
      assert.deepEqual(
        found.map((m) => m.params && valueOf(m.params.total)),
        [12],
        name,
      );
    }
  });

  it('change nothing where no file constructs the class', async () => {
    const { models } = await analyse('/code/model.py', { '/code/model.py': FILES['/code/model.py']! });
    assert.deepEqual(
      models.map((m) => [m.model.name, m.model.construction?.text, m.model.unknowns.map((u) => u.name)]),
      [
        ['Tagger', undefined, ['words', 'size']],
        ['Inner', 'Inner(n)', ['n']],
        ['Outer', undefined, ['n']],
      ],
    );
  });
});
