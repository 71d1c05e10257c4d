import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { BUDGET } from '../support/tried';
import { survives } from './read';

const ROOT = join(import.meta.dirname, '../../..');

function corpus(...folders: string[]): { readonly file: string; readonly text: string }[] {
  return folders
    .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(folder, name)))
    .filter((file) => /\.(py|js|ts)$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));
}

const SEEDS = corpus(
  'examples/pytorch',
  'examples/keras',
  'examples/tfjs',
  'test/fixtures/python',
  'test/fixtures/python-keras',
  'test/fixtures/javascript',
  'test/fixtures/conversions',
);

/** Pieces of code that change what stands around them. */
const PIECES = [
  '(', ')', '[', ']', '{', '}', ':', ',', '=', '"', "'", '"""', "'''", '\\', '#', '`', '${', '\n', '\t', ' ', '*', '**', '-', '@', ';',
  '\r', '\u0000', '\ufeff', '\ud800', '\u2028', 'é', '𝕏', '__proto__', 'constructor', 'self', 'lambda', 'yield', 'async ', 'await ',
  'for i in range(10**9): ', 'while True: ', 'if ', 'else: ', 'return ', 'del ', 'global x', 'import os', 'from . import *',
  'class A(A): pass\n', 'def f(): return f()\n', '0', '-1', '1e400', '10**400', '0x', 'nan', 'None', 'nn.LSTM(', 'nn.LSTM(1, 2)', '*args', '**kwargs',
  'exec("1")', 'x := 1', 'f"{x}"', '=>', '/*', '*/', '//', 'tf.layers.lstm({units: 3})', 'new ', 'function ', '...',
]; // prettier-ignore

const spot = fc.double({ min: 0, max: 1, noNaN: true });
const edit = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), at: spot, piece: fc.constantFrom(...PIECES) }),
  fc.record({ kind: fc.constant('cut' as const), at: spot, length: fc.integer({ min: 1, max: 200 }) }),
  fc.record({ kind: fc.constant('copy' as const), at: spot, from: spot, length: fc.integer({ min: 1, max: 400 }) }),
); // prettier-ignore
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function apply(text: string, edits: readonly Edit[]): string {
  for (const e of edits) {
    const at = Math.floor(e.at * text.length);
    if (e.kind === 'insert') text = text.slice(0, at) + e.piece + text.slice(at);
    else if (e.kind === 'cut') text = text.slice(0, at) + text.slice(at + e.length);
    else {
      const from = Math.floor(e.from * text.length);
      text = text.slice(0, at) + text.slice(from, from + e.length) + text.slice(at);
    }
  }
  return text;
}

const notebook = (text: string) =>
  JSON.stringify({
    nbformat: 4,
    cells: text.split('\n\n').map((source) => ({ cell_type: 'code', source })),
  });

describe('Source text, damaged', () => {
  it('cut off anywhere, as while it is typed', async () => {
    for (const { file, text } of SEEDS.slice(0, 12 * BUDGET)) {
      const step = Math.max(1, Math.round(text.length / (12 * BUDGET)));
      for (let length = 0; length < text.length; length += step) await survives(file, text.slice(0, length));
    }
  });

  it('edited at random', async () => {
    const edits = fc.array(edit, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SEEDS), edits, async ({ file, text }, changes) => {
        await survives(file, apply(text, changes));
      }),
      { numRuns: 150 * BUDGET },
    );
  });

  it('a notebook, edited at random as text and as JSON', async () => {
    const edits = fc.array(edit, { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SEEDS), edits, edits, async ({ text }, inside, outside) => {
        await survives('x.ipynb', apply(notebook(apply(text, inside)), outside));
      }),
      { numRuns: 60 * BUDGET },
    );
  });

  it('pieces without any sense', async () => {
    const soup = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(soup, fc.constantFrom('x.py', 'x.js', 'x.ts', 'x.ipynb'), async (text, file) => {
        await survives(file, text);
      }),
      { numRuns: 150 * BUDGET },
    );
  });
});
