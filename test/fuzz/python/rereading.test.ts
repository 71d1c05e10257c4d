import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ReaderMemory } from '../../../src/readers/memory';
import { readPython } from '../../../src/readers/python';

const ROOT = join(__dirname, '../../..');
const FOLDERS = ['test/fixtures/python', 'test/fixtures/python-keras', 'examples/pytorch', 'examples/keras'];
const EDITS = 30;

const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((f) => f.endsWith('.py'))
    .map((f) => ({ name: `${folder}/${f}`, text: readFileSync(join(ROOT, folder, f), 'utf8') })),
);

/** A small generator, so that a failure can be seen again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TYPED = ['1', '0', '(', ')', ' ', '\n', '#', '"', '.', ',', '=', 'x', ':', '\n\n', '    ', 'nn.'];

/** What a person does to a text: typing, deleting, moving lines; now and then back to the start. */
function edited(text: string, original: string, next: (below: number) => number): string {
  const at = next(text.length + 1);
  switch (next(8)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + next(3));
    case 1: {
      const lines = text.split('\n');
      const [from, to] = [next(lines.length), next(lines.length)];
      lines.splice(to, 0, ...lines.splice(from, 1));
      return lines.join('\n');
    }
    case 2: {
      const digits = [...text.matchAll(/\d/g)];
      const digit = digits[next(digits.length)];
      return digit ? text.slice(0, digit.index) + String(next(10)) + text.slice(digit.index + 1) : text;
    }
    case 3:
      return original;
    default:
      return text.slice(0, at) + TYPED[next(TYPED.length)] + text.slice(at);
  }
}

/** A result without the bookkeeping of the readers: maps, and the numbers of axes that have no name. */
function plain(result: unknown): string {
  return JSON.stringify(
    result,
    (_, value: unknown) =>
      value instanceof Map ? [...value] : typeof value === 'bigint' ? `${value}n` : value,
    1,
  ).replace(/\$axis\d+/g, '$axis');
}

describe('Python source: read again after an edit', () => {
  for (const [i, { name, text }] of FILES.entries()) {
    it(`${name}: what is remembered changes nothing`, () => {
      const next = random(i + 1);
      const memory = new ReaderMemory();
      let now = text;
      for (let edit = 0; edit < EDITS; edit++) {
        const fresh = readPython({ file: name, text: now }, { assumptions: new Map() });
        const again = readPython({ file: name, text: now }, { assumptions: new Map(), memory });
        const [a, b] = [plain(again).split('\n'), plain(fresh).split('\n')];
        const at = a.findIndex((line, k) => line !== b[k]);
        const around = (lines: readonly string[]) => lines.slice(Math.max(0, at - 30), at + 5).join('\n');
        if (at >= 0 || a.length !== b.length)
          assert.fail(`after ${edit} edits of\n${now}\nremembered:\n${around(a)}\nfresh:\n${around(b)}`);
        now = edited(now, text, next);
      }
    });
  }
});
