import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, cliJson, FIXTURES } from './harness';

const fixture = (name: string) => join(FIXTURES, name);

function temporary(name: string, content: string | Uint8Array): string {
  const file = join(mkdtempSync(join(tmpdir(), 'rnn-lens-')), name);
  writeFileSync(file, content);
  return file;
}

describe('rnn-lens analyze', () => {
  it('counts bare PyTorch layers', async () => {
    const { json, code } = await cliJson('analyze', fixture('layers.py'));
    const models = json.files[0].models;
    assert.deepEqual(
      models.map((m: { name: string; params: { total: number } }) => [m.name, m.params.total]),
      [
        ['lstm', 5920],
        ['gru', 11280],
        ['wide', 3768320],
      ],
    );
    assert.equal(models[2].macs.forward, 376_012_800);
    assert.deepEqual(models[1].layers[0].config, {
      inputSize: 10,
      hiddenSize: 20,
      numLayers: 2,
      bidirectional: true,
      bias: true,
      ...(models[1].layers[0].config.resetAfter === undefined ? {} : { resetAfter: true }),
    });
    assert.equal(code, 0);
  });

  it('counts Keras GRU with either place of the reset gate', async () => {
    const { json } = await cliJson('analyze', fixture('keras_gru.py'));
    assert.deepEqual(
      json.files[0].models.map((m: { params: { total: number } }) => m.params.total),
      [165, 150],
    );
  });

  it('leaves an unknown vocabulary unknown, with its formula and the reason', async () => {
    const { json } = await cliJson('analyze', fixture('tagger.py'), '--class', 'Tagger');
    const [model] = json.files[0].models;
    assert.equal(model.params.total, null);
    assert.match(model.params.formula, /vocab_size/);
    const [unknown] = model.unresolved;
    assert.equal(unknown.name, 'vocab_size');
    assert.equal(unknown.line, 5);
    assert.match(unknown.reason, /vocab_size.*Tagger/);
    const rnn = model.layers.find((l: { path: string }) => l.path === 'rnn');
    assert.equal(rnn.params, 2 * 4 * 64 * (50 + 64 + 2));
  });

  it('takes an assumption and follows the forward pass', async () => {
    const { json } = await cliJson(
      'analyze',
      fixture('tagger.py'),
      '--assume',
      'vocab_size=1000',
      '--seq-len',
      '7',
      '--batch',
      '3',
    );
    const [model] = json.files[0].models;
    const recurrent = 2 * 4 * 64 * (50 + 64);
    assert.equal(model.params.total, 1000 * 50 + recurrent + 2 * 4 * 64 * 2 + 128 * 9 + 9);
    assert.equal(model.macs.forward, 7 * 3 * (recurrent + 128 * 9));
    assert.deepEqual(model.assumed, [{ name: 'vocab_size', value: 1000, from: 'argument' }]);
    assert.deepEqual(model.unresolved, []);
  });

  it('never takes a size that the data decides for a number', async () => {
    const { json } = await cliJson('analyze', fixture('data_sizes.py'));
    const models: { name: string; params: { total: number | null; formula: string } }[] =
      json.files[0].models;
    assert.deepEqual(
      models.map((m) => [m.name, m.params.total]),
      [
        ['from_set', null],
        ['from_list', null],
        ['from_dict', null],
        ['from_known', 30],
      ],
    );
    // One unknown, not a sum of the lengths that went in: equal words count once.
    for (const m of models.slice(0, 3)) assert.doesNotMatch(m.params.formula, /\+/);
  });

  it('sums its layers to the total', async () => {
    const { json } = await cliJson('analyze', fixture('tagger.py'), '--assume', 'vocab_size=77');
    const [model] = json.files[0].models;
    for (const key of ['params', 'macs', 'flops'] as const) {
      const sum = model.layers.reduce((s: number, l: Record<string, number>) => s + l[key]!, 0);
      assert.equal(sum, key === 'params' ? model.params.total : model[key].forward, key);
    }
  });

  it('prints a table for people', async () => {
    const { out, code } = await cli('analyze', fixture('layers.py'), fixture('tagger.py'));
    assert.equal(code, 0);
    assert.match(out, /LSTM 300 → 512, 2 layers\s+3,768,320\s+376 M/);
    assert.match(out, /unknown: vocab_size \(line 5\)/);
    assert.match(out, /T = 100 steps, batch 1, float32/);
  });

  it('keeps what stands before and after a broken statement', async () => {
    const file = temporary(
      'half.py',
      'import torch.nn as nn\na = nn.LSTM(10, 20, 2)\nb = nn.LSTM(3, \nc = nn.GRU(4, 5)\n',
    );
    const { json } = await cliJson('analyze', file);
    const counts = new Map(
      json.files[0].models.map((m: { name: string; params: { total: number } }) => [m.name, m.params.total]),
    );
    assert.equal(counts.get('a'), 5920);
    assert.equal(counts.get('c'), 165);
    assert.ok(json.files[0].problems.some((p: { line: number }) => p.line === 3 || p.line === 4));
  });

  const unreadable: [string, string, string | Uint8Array][] = [
    ['binary', 'model.py', new Uint8Array([0x80, 0, 1, 2])],
    ['not UTF-8', 'model.py', new Uint8Array([0x23, 0xe9, 0xe8, 0x0a])],
    ['huge', 'model.py', '#'.repeat(21_000_000)],
    ['of no known kind', 'model.docx', 'hello'],
  ];
  for (const [what, name, content] of unreadable) {
    it(`says plainly that a file is ${what}`, async () => {
      const { code, out, err } = await cli('analyze', temporary(name, content), '--json');
      assert.equal(code, 2);
      assert.equal(out, '');
      assert.match(err, /^rnn-lens: [^\n]+\n$/);
    });
  }

  it('finds nothing in an empty file, and says so', async () => {
    const { json, code } = await cliJson('analyze', temporary('empty.py', ''));
    assert.equal(code, 0);
    assert.deepEqual(json.files[0].models, []);
    assert.ok(json.files[0].problems.length > 0);
  });

  it('reports each bad use in one line', async () => {
    for (const args of [
      [],
      ['frob'],
      ['analyze'],
      ['analyze', 'nowhere.py'],
      ['analyze', fixture('layers.py'), '--seq-len', '0'],
      ['analyze', fixture('layers.py'), '--class', 'X'],
      ['analyze', fixture('layers.py'), '--assume', 'x'],
      ['analyze', fixture('layers.py'), '--dtype', 'float7'],
      ['analyze', '--frob'],
    ]) {
      const { code, err } = await cli(...args);
      assert.equal(code, 2, args.join(' '));
      if (args.length > 0) assert.match(err, /^rnn-lens: [^\n]+\n$/, args.join(' '));
    }
  });
});
