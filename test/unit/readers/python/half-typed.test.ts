import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPython } from '../../../../src/readers/python';
import { parseFile } from '../../../../src/readers/python/parse';
import { FIXTURES, modelNamed, read, totals } from './read';

const files = readdirSync(FIXTURES).filter((f) => f.endsWith('.py'));
const none = { assumptions: new Map() };

/** The models whose class ends before the text does. */
function complete(text: string, upTo: number): string[] {
  const lines = text.slice(0, upTo).split('\n').length - 1;
  const all = parseFile('f.py', text).body;
  return all.flatMap((s, i) => {
    const next = all[i + 1];
    return s.type === 'class' && next && parseFile('f.py', text).text.lineOf(next.from) < lines
      ? [s.name]
      : [];
  });
}

describe('Python source: half-typed code', () => {
  it('parses prefixes of every fixture', () => {
    for (const [i, name] of files.entries()) {
      const text = readFileSync(join(FIXTURES, name), 'utf8');
      // Every fifth position, another one in each file: all kinds of places are met, and the run stays short.
      for (let end = i % 5; end <= text.length; end += 5) parseFile(name, text.slice(0, end));
    }
  }).timeout(60_000);

  for (const name of files) {
    it(`reads prefixes of ${name}: ends, throws nothing, keeps the models before the cursor`, () => {
      const text = readFileSync(join(FIXTURES, name), 'utf8');
      const whole = new Map(
        readPython({ file: name, text }, none)
          .models.filter((m) => !m.construction)
          .map((m) => [m.name, totals(m).total]),
      );
      // A prime stride meets every kind of place over the fixtures together.
      for (let end = 0; end <= text.length; end += 211) {
        const { models, problems } = readPython({ file: name, text: text.slice(0, end) }, none);
        assert.deepEqual(
          problems.filter((p) => p.code === 'python-internal'),
          [],
          `at ${end}`,
        );
        for (const done of complete(text, end)) {
          const total = whole.get(done);
          if (total === undefined) continue;
          assert.ok(
            models.some((m) => m.name === done && totals(m).total === total),
            `${done} at ${end}`,
          );
        }
      }
    }).timeout(60_000);
  }

  const rest = `
    def forward(self, x):
        return x

class Second(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(3, 4)
`;
  const start =
    'import torch.nn as nn\n\nclass First(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.emb = nn.Embedding(5, 6)\n';

  for (const [what, line] of [
    ['an open call', '        self.rnn = nn.LSTM(128, '],
    ['two open brackets', '        self.rnn = nn.Sequential(nn.Linear(3,'],
    ['an unfinished attribute', '        self.'],
    ['an assignment without value', '        self.rnn ='],
    ['an open string', "        self.name = 'abc"],
    ['a keyword without value', '        self.rnn = nn.LSTM(3, hidden_size='],
  ] as const) {
    it(`${what} costs one statement only`, () => {
      const result = read(`${start}${line}\n        self.out = nn.Linear(6, 2)\n${rest}`);
      assert.equal(totals(modelNamed(result, 'Second')).total, 16);
      const first = modelNamed(result, 'First');
      assert.deepEqual(
        first.layers.filter((l) => l.path === 'emb' || l.path === 'out').map((l) => l.kind),
        ['embedding', 'dense'],
      );
      if (line.includes('LSTM') || line.includes('rnn =')) assert.equal(totals(first).total, undefined);
    });
  }

  it('says where the text is broken', () => {
    const { problems } = read(`${start}        self.rnn = nn.LSTM(128, \n${rest}`);
    assert.deepEqual(
      problems.map((p) => [p.code, p.source.range?.start.line]),
      [['python-syntax', 6]],
    );
  });

  it('an unclosed docstring does not hide what stands before it', () => {
    assert.equal(totals(modelNamed(read(`${start}\ndef f():\n    """unclosed\n${rest}`), 'First')).total, 30);
  });
});
