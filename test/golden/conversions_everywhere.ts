/**
 * Does to every recurrent layer of the fixtures and examples every change of cell, size or option that the editor offers, and says what the
 * changed model should count. `python3 test/golden/conversions_everywhere.py` asks the frameworks. Starts are in conversions.ts.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applyEdits, isRefusal } from '../../src/edits';
import { proposalsFor } from '../../src/editor/code-actions/proposals';
import { analyseSource, type Analysis } from '../../src/engine/analyse';
import { previewOf } from '../../src/engine/preview';
import { DEFAULT_WORKLOAD, formatMessage, isRecurrent, valueOf } from '../../src/model';

export interface Conversion {
  /** File, model, layer and what is done to it. */
  readonly name: string;
  readonly file: string;
  readonly model: string;
  /** The changed file; undefined when the change is refused. */
  readonly text?: string;
  readonly predicted?: number;
  readonly refused?: string;
}

const ROOT = resolve(import.meta.dirname, '../..');
const FOLDERS = [
  'test/fixtures/conversions',
  'test/fixtures/python',
  'test/fixtures/python-keras',
  'examples/pytorch',
  'examples/keras',
];

/** Every change of every recurrent layer. A class that is built several times is changed once for each of its models. */
export async function conversionsEverywhere(): Promise<Conversion[]> {
  const results: Conversion[] = [];
  for (const folder of FOLDERS)
    for (const name of readdirSync(join(ROOT, folder)).sort())
      if (name.endsWith('.py')) results.push(...(await conversionsOf(folder, name)));
  return results;
}

async function conversionsOf(folder: string, name: string): Promise<Conversion[]> {
  const text = readFileSync(join(ROOT, folder, name), 'utf8');
  const load = (path: string) => Promise.resolve(siblingText(folder, path));
  const analyse = (changed: string): Promise<Analysis> =>
    analyseSource(
      { file: name, text: changed },
      { workload: DEFAULT_WORKLOAD, assumptions: new Map(), load },
    );
  const before = await analyse(text);
  const file = `${folder}/${name}`;
  const results: Conversion[] = [];
  const seen = new Set<string>();
  for (const cost of before.models) {
    const model = cost.model.name;
    for (const layer of cost.model.layers.filter(isRecurrent)) {
      for (const { title, change } of proposalsFor({ file: name, text }, cost, layer, formatMessage).filter(
        (p) => p.kind !== 'initialise',
      )) {
        const label = { name: `${file} ${model} ${layer.path}: ${formatMessage(title)}`, file, model };
        const made = change();
        if (isRefusal(made)) {
          results.push({ ...label, refused: formatMessage(made.refused) });
          continue;
        }
        const changed = applyEdits(text, made.edits);
        if (seen.has(`${model} ${changed}`)) continue;
        seen.add(`${model} ${changed}`);
        const preview = previewOf(before, await analyse(changed), cost, layer.path);
        const predicted = preview?.after.params && valueOf(preview.after.params.total);
        results.push(
          predicted === undefined
            ? { ...label, refused: 'The changed file does not read as promised.' }
            : { ...label, text: changed, predicted },
        );
      }
    }
  }
  return results;
}

function siblingText(folder: string, path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, folder, path), 'utf8');
  } catch {
    return undefined;
  }
}

if (process.argv[1]?.endsWith('conversions_everywhere.ts')) {
  void conversionsEverywhere().then((all) => process.stdout.write(JSON.stringify(all)));
}
