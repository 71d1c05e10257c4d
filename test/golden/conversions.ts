/**
 * Converts every recurrent layer of test/fixtures/conversions into every other cell, at every sizing that the editor offers, and
 * says what the changed model should count. `python3 test/golden/conversions.py` asks the frameworks.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { alternativesFor } from '../../src/advice';
import { compareLayer } from '../../src/compare';
import { costLayer } from '../../src/cost';
import {
  applyEdits,
  convertLayer,
  initialiseLayer,
  isRefusal,
  resizeLayer,
  type Change,
  type Refusal,
} from '../../src/edits';
import { flowSpecOf } from '../../src/engine/flow-spec';
import { analyseSource } from '../../src/engine/analyse';
import { previewOf } from '../../src/engine/preview';
import {
  cellOf,
  DEFAULT_WORKLOAD,
  formatMessage,
  isRecurrent,
  valueOf,
  type CellKind,
  type FlowStart,
  type RecurrentLayer,
} from '../../src/model';

export interface Conversion {
  /** Fixture, layer and what is done to it. */
  readonly name: string;
  /** The changed file; undefined when the change is refused. */
  readonly text?: string;
  readonly predicted?: number;
  readonly refused?: string;
}

const CELLS: readonly CellKind[] = ['lstm', 'gru', 'rnn'];
const folder = resolve(import.meta.dirname, '../fixtures/conversions');

function analyse(file: string, text: string) {
  return analyseSource(
    { file, text },
    { workload: DEFAULT_WORKLOAD, assumptions: new Map(), load: () => Promise.resolve(undefined) },
  );
}

/** Every change of every recurrent layer in the fixtures. */
export async function allConversions(): Promise<Conversion[]> {
  const results: Conversion[] = [];
  for (const name of readdirSync(folder).sort()) {
    const text = readFileSync(join(folder, name), 'utf8');
    const before = await analyse(name, text);
    for (const cost of before.models) {
      for (const layer of cost.model.layers.filter(isRecurrent)) {
        for (const [what, change] of changesOf({ file: name, text }, layer, cost)) {
          const label = `${name} ${layer.path} ${what}`;
          if (isRefusal(change)) {
            results.push({ name: label, refused: formatMessage(change.refused) });
            continue;
          }
          const changed = applyEdits(text, change.edits);
          const preview = previewOf(before, await analyse(name, changed), cost, layer.path);
          const predicted = preview?.after.params && valueOf(preview.after.params.total);
          results.push(
            predicted === undefined
              ? { name: label, refused: 'The changed file does not read as promised.' }
              : { name: label, text: changed, predicted },
          );
        }
      }
    }
  }
  return results;
}

function changesOf(
  file: { readonly file: string; readonly text: string },
  layer: RecurrentLayer,
  cost: Parameters<typeof previewOf>[2],
): [string, Change | Refusal][] {
  const rows = compareLayer(layer, cost.model, DEFAULT_WORKLOAD).rows;
  const own = cellOf(layer.kind);
  const conversions = CELLS.filter((to) => to !== own).flatMap((to): [string, Change | Refusal][] => {
    const equal = rows.find((r) => r.cell === to && r.sizing === 'same-params')?.hiddenSize;
    return [
      [`to ${to}`, convertLayer(file, layer, { to })],
      ...(equal === undefined
        ? []
        : [
            [`to ${to}, equal parameters`, convertLayer(file, layer, { to, hiddenSize: equal })] as [
              string,
              Change | Refusal,
            ],
          ]),
    ];
  });
  return [...conversions, ['hidden size 32', resizeLayer(file, layer, 32)], ...startsOf(file, layer)];
}

/** Every start that could be proposed for the layer, whether or not its framework starts so anyway. */
function startsOf(
  file: { readonly file: string; readonly text: string },
  layer: RecurrentLayer,
): [string, Change | Refusal][] {
  const found = flowSpecOf(costLayer(layer, DEFAULT_WORKLOAD), layer, DEFAULT_WORKLOAD);
  if ('blocked' in found) return [];
  const own = found.spec;
  const starts: readonly FlowStart[] = [
    ...(own.cell === 'rnn' || !own.bias
      ? []
      : [{ kind: 'forget-bias', value: 1 } as const, { kind: 'chrono', maxSteps: 100 } as const]),
    { kind: 'orthogonal', gain: 1 },
  ];
  const irnn = alternativesFor(own).find((a) => a.id === 'identity');
  return [
    ...starts.map((initialiser): [string, Change | Refusal] => [
      `start ${initialiser.kind}`,
      initialiseLayer(file, layer, { spec: { ...own, initialiser } }),
    ]),
    ...(irnn ? [['start identity', initialiseLayer(file, layer, irnn)] as [string, Change | Refusal]] : []),
  ];
}

if (process.argv[1]?.endsWith('conversions.ts')) {
  void allConversions().then((all) => process.stdout.write(JSON.stringify(all)));
}
