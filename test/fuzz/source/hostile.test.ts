import assert from 'node:assert/strict';
import { survives as survivesWithin } from './read';

/** Far beyond what anybody writes: it has to end by the reader's own bounds, if not at once. */
const LIMIT_MS = 20_000;

const survives = (file: string, text: string, files: Readonly<Record<string, string>> = {}) =>
  survivesWithin(file, text, { files, limit: LIMIT_MS });

const torch = (body: string) => `import torch.nn as nn\n${body}`;
const model = (init: string) =>
  torch(
    `class M(nn.Module):\n    def __init__(self):\n        super().__init__()\n${init
      .split('\n')
      .map((line) => `        ${line}`)
      .join('\n')}\n`,
  );

/** Programs that would take a real interpreter years, or all of its memory. */
const PYTHON: Readonly<Record<string, string>> = {
  'a loop without end': model('while True:\n    self.x = nn.LSTM(1, 2)'),
  'a loop of a trillion layers': model('self.layers = nn.ModuleList([nn.LSTM(1, 2) for _ in range(10**12)])'),
  'loops within loops': model(
    'n = 0\nfor a in range(10000):\n  for b in range(10000):\n    for c in range(10000):\n      n = n + 1\nself.x = nn.LSTM(n, 2)',
  ),
  'a function that calls itself': torch('def f(n):\n    return f(n + 1)\nx = nn.LSTM(f(0), 2)\n'),
  'two that call each other twice': torch(
    'def f(n):\n    return g(n) + g(n)\ndef g(n):\n    return f(n) + f(n)\nx = nn.LSTM(f(0), 2)\n',
  ),
  'a list that doubles': model(`l = [1]\n${'l = l + l\n'.repeat(60)}self.x = nn.LSTM(len(l), 2)`),
  'a text that doubles': model(`s = "a"\n${'s = s + s\n'.repeat(60)}self.x = nn.LSTM(len(s), 2)`),
  'a list times a trillion': model('l = [0] * 10**12\nself.x = nn.LSTM(len(l), 2)'),
  'a text times a trillion': model('s = "a" * 10**12\nself.x = nn.LSTM(len(s), 2)'),
  'a tower of powers': model('self.x = nn.LSTM(9**9**9**9**9, 2)'),
  'a shift by a trillion': model('self.x = nn.LSTM(1 << 10**12, 2)'),
  'four hundred digits': model(`self.x = nn.LSTM(${'9'.repeat(400)}, ${'9'.repeat(400)})`),
  'a megabyte of digits': model(`self.x = nn.LSTM(${'9'.repeat(1_000_000)}, 2)`),
  'a width of a billion': model(
    's = "{:>999999999}".format(1) + f"{1:>999999999}" + "%0999999999d" % 1\nself.x = nn.LSTM(len(s), 2)',
  ),
  'classes in a circle': torch('class A(B): pass\nclass B(A): pass\nclass C(C): pass\nx = A()\n'),
  'a module that holds itself': model('self.me = self\nself.you = M()\nself.l = nn.LSTM(1, 2)'),
  'a list that holds itself': model(
    'l = []\nl.append(l)\nself.l = nn.ModuleList(l)\nself.x = nn.LSTM(len(l), 2)',
  ),
  'a billion laughs': model(
    `a0 = [1, 1]\n${Array.from({ length: 60 }, (_, i) => `a${i + 1} = [a${i}, a${i}]\n`).join('')}self.x = nn.ModuleList(a60)`,
  ),
  'a branch at every line': model(
    `${Array.from({ length: 200 }, (_, i) => `if c${i}:\n    n = ${i}\nelse:\n    n = ${i + 1}\n`).join('')}self.x = nn.LSTM(n, 2)`,
  ),
  'names of what all objects have': model(
    'self.__proto__ = nn.LSTM(1, 2)\nself.constructor = nn.LSTM(1, 2)\nself.toString = nn.LSTM(1, 2)\nd = {"__proto__": 3}\nself.hasOwnProperty = nn.LSTM(d["__proto__"], 2)',
  ),
  'sizes that cannot be': model(
    'self.a = nn.LSTM(-1, 2)\nself.b = nn.LSTM(1.5, 2)\nself.c = nn.LSTM("1", 2)\nself.d = nn.LSTM(float("nan"), 2)\nself.e = nn.LSTM(1, 0)\nself.f = nn.LSTM(1, 2, -3)\nself.g = nn.LSTM(1, 2, 10**9)\nself.h = nn.LSTM(None, True)',
  ),
  'calls of the system': torch(
    'import os\nos.system("touch /tmp/x")\nx = nn.LSTM(eval("1+1"), exec("2"))\n__import__("os").remove("/")\n',
  ),
  'sixteen layers in every loop of five': model(
    'for a in range(5):\n  for b in range(5):\n    for c in range(5):\n      for d in range(5):\n        setattr(self, f"l{a}{b}{c}{d}", nn.LSTM(a + 1, b + 1, 16))',
  ),
};

const JAVASCRIPT: Readonly<Record<string, string>> = {
  'a loop without end': 'const m = tf.sequential(); while (true) m.add(tf.layers.lstm({units: 3}));',
  'a loop of a trillion layers':
    'const m = tf.sequential(); for (let i = 0; i < 1e12; i++) m.add(tf.layers.lstm({units: i}));',
  'a function that calls itself': 'const f = (n) => f(n + 1); tf.layers.lstm({units: f(0)});',
  'a text that doubles': `let s = 'a';${'s += s;'.repeat(60)}tf.layers.lstm({units: s.length});`,
  'an array of a trillion': 'tf.layers.lstm({units: new Array(1e12).fill(0).length});',
  'a repeat of a trillion': 'tf.layers.lstm({units: "a".repeat(1e12).length});',
  'an object in itself': 'const o = {}; o.o = o; tf.layers.lstm({...o, units: o.o.o.units});',
  'a branch that shortens an array, and one that lengthens it':
    'function f(x) { const a = [1, 2, 3]; if (x) a.splice(0, 1); else a.push(4); return a; } tf.layers.lstm({units: f(z).length});',
  'names of what all objects have':
    'const o = {__proto__: {units: 3}, constructor: 1}; tf.layers.lstm({units: o.__proto__.units, name: "__proto__"});',
  'sizes that cannot be':
    'const m = tf.sequential(); for (const units of [-1, 1.5, NaN, 1e400, "3", null, [], {}]) m.add(tf.layers.lstm({units, inputShape: [units, units]}));',
};

describe('Hostile source', () => {
  for (const [name, text] of Object.entries(PYTHON)) it(`Python: ${name}`, () => survives('x.py', text));
  for (const [name, text] of Object.entries(JAVASCRIPT))
    it(`JavaScript: ${name}`, () => survives('x.js', `import * as tf from '@tensorflow/tfjs';\n${text}`));

  for (const file of ['x.py', 'x.js', 'x.ts']) {
    it(`${file}: brackets, blocks and operators five thousand deep`, async () => {
      for (const open of ['(', '[', '{', '-', 'not ', 'x.', 'f(', 'lambda: ', '!', 'a ? ', '`${', 'x => '])
        await survives(file, `x = ${open.repeat(5_000)}`);
      await survives(file, `x = ${'1 + '.repeat(5_000)}1`);
      await survives(file, Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}if x:`).join('\n'));
      await survives(file, `${'if (x) { '.repeat(5_000)}`);
    });

    it(`${file}: a line of a million characters, and a hundred thousand lines`, async () => {
      await survives(file, `x = "${'a'.repeat(1_000_000)}"`);
      await survives(file, 'x = 1\n'.repeat(100_000));
    });

    it(`${file}: too large to read`, async () => {
      const { problems } = await survives(file, ' '.repeat(6_000_000));
      assert.deepEqual(
        problems.map((p) => p.code),
        ['too-large'],
      );
    });
  }

  it('files that import each other', async () => {
    const one = torch('from b import *\nfrom a import *\nclass A(B): pass\nx = nn.LSTM(N, 2)\n');
    const files = { 'a.py': one, 'b.py': torch('from a import *\nclass B(A): pass\nN = M\nM = N\n') };
    await survives('a.py', one, files);
  });

  it('a thousand imports', async () => {
    const text = Array.from({ length: 1000 }, (_, i) => `from m${i} import N${i}`).join('\n');
    await survives('x.py', torch(`${text}\nx = nn.LSTM(N1, N999)\n`));
  });

  it('two hundred models', async () => {
    const text = Array.from({ length: 200 }, (_, i) =>
      model(`self.x = nn.LSTM(${i + 1}, 2)`)
        .replace('class M', `class M${i}`)
        .replace(/^import.*\n/, ''),
    ).join('\n');
    const { models } = await survives('x.py', torch(text));
    assert.ok(models.length > 0);
  });

  it('notebooks that are none', async () => {
    for (const text of [
      '',
      'null',
      '[]',
      '{"cells":3}',
      '{"cells":[null,1,{"source":5},{"cell_type":"code","source":[1,null]}]}',
      '['.repeat(100_000),
    ])
      await survives('x.ipynb', text);
  });
});
