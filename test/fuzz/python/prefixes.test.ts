import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { costModel } from '../../../src/cost';
import { DEFAULT_WORKLOAD, formatDim, type Model } from '../../../src/model';
import { ReaderMemory } from '../../../src/readers/memory';
import { readPython } from '../../../src/readers/python';
import { parseFile } from '../../../src/readers/python/parse';

const ROOT = join(__dirname, '../../..');
const FOLDERS = ['test/fixtures/python', 'test/fixtures/python-keras', 'examples/pytorch', 'examples/keras'];
/** Every position with `EVERY_POSITION=1` (minutes); else a prime stride, which meets all kinds of places over the files together. */
const STRIDE = process.env.EVERY_POSITION ? 1 : 13;
/** What one prefix may take: far above what it takes, far below a hang. */
const MAX_MS = 5_000;

const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((f) => f.endsWith('.py'))
    .map((f) => ({ name: `${folder}/${f}`, text: readFileSync(join(ROOT, folder, f), 'utf8') })),
);

/** A model as the user sees it: what it is called, where it is, and its total or the formula of it. */
interface Seen {
  readonly name: string;
  readonly line: number | undefined;
  readonly total: string;
}

function seen(model: Model): Seen {
  const { params, unknown } = costModel(model, DEFAULT_WORKLOAD);
  const total = params ? formatDim(params.total) : unknown.map((u) => u.text).join();
  return { name: model.name, line: model.source.range?.start.line, total };
}

/** Where each top-level statement ends, as an offset of the text: a prefix that ends there is a whole program. */
function ends(text: string): number[] {
  const { body, text: source } = parseFile('f.py', text);
  const lines = text.split('\n');
  const starts = lines.map((_, i) => lines.slice(0, i).join('\n').length + (i > 0 ? 1 : 0));
  return body.slice(1).map((statement) => starts[source.lineOf(statement.from)]!);
}

describe(`Python source: ${STRIDE === 1 ? 'every' : `every ${STRIDE}th`} prefix`, () => {
  for (const { name, text } of FILES) {
    it(`${name}: ends, throws nothing, and shows what is complete as before`, () => {
      const memory = new ReaderMemory();
      const read = (end: number) => {
        const started = performance.now();
        const result = readPython(
          { file: name, text: text.slice(0, end) },
          { assumptions: new Map(), memory },
        );
        assert.ok(performance.now() - started < MAX_MS, `${end} takes too long`);
        const internal = result.problems.filter((p) => p.code === 'python-internal');
        assert.deepEqual(internal, [], `at ${end}`);
        return result.models;
      };
      const defined = new Set(
        [...text.matchAll(/^(?:class|def) (\w+)|^(\w+) =/gm)].map((m) => m[1] ?? m[2]!),
      );
      const stops = [...ends(text), text.length];
      let complete: readonly Seen[] = [];
      let whole = 0;
      for (let end = 0, next = 0; end <= text.length; end += STRIDE) {
        while (next < stops.length && stops[next]! <= end) {
          whole = stops[next++]!;
          complete = read(whole).map(seen);
        }
        const now = read(end).map(seen);
        // What the statement under way uses of the file's own is not complete: `model.add(`, `Encoder(`, `build(`.
        const words = new Set(text.slice(whole, end).match(/\w+/g));
        const uses = [...words].some((word) => defined.has(word));
        for (const { name, line, total } of complete) {
          if (uses || words.has(name)) continue;
          assert.ok(
            now.some((m) => m.line === line && m.total === total),
            `${name} (line ${line}, ${total}) at ${end}, not among\n${JSON.stringify(now, null, 1)}`,
          );
        }
      }
    });
  }
});
