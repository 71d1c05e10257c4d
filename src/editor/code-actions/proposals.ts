import { alternativesFor } from '../../advice';
import { compareLayer, type Sizing } from '../../compare';
import { costLayer } from '../../cost';
import type { ModelCost } from '../../cost/types';
import {
  convertLayer,
  initialiseLayer,
  resizeLayer,
  setOption,
  type Change,
  type Refusal,
} from '../../edits';
import { flowSpecOf } from '../../engine/flow-spec';
import {
  cellOf,
  constant,
  isCell,
  message,
  valueOf,
  type CellKind,
  type Dim,
  type Message,
  type RecurrentLayer,
} from '../../model';
import { CELL_NAMES } from '../../report/comparison-text';
import { formatCount } from '../../report/numbers';
import type { TextFile } from '../../readers/types';

/** A change that could be offered for a layer. */
export interface Proposal {
  /** Says what changes; the parameter counts are put behind it. */
  readonly title: Message;
  readonly kind: 'convert' | 'resize' | 'initialise' | 'option';
  readonly change: () => Change | Refusal;
}

const CELLS: readonly CellKind[] = ['lstm', 'gru', 'rnn'];

/** Everything that could be done to a recurrent layer, before it is known whether the source allows it. `say` puts what a title names into words. */
export function proposalsFor(
  file: TextFile,
  model: ModelCost,
  layer: RecurrentLayer,
  say: (m: Message) => string,
): readonly Proposal[] {
  return [
    ...conversions(file, model, layer),
    ...rounding(file, layer),
    ...initialisation(file, model, layer, say),
    ...resetGate(file, layer),
  ];
}

function conversions(file: TextFile, model: ModelCost, layer: RecurrentLayer): Proposal[] {
  const rows = compareLayer(layer, model.model, model.workload).rows;
  return CELLS.filter((cell) => cell !== cellOf(layer.kind)).flatMap((to): Proposal[] => {
    const own = valueOf(layer.hiddenSize);
    const sizeFor = (sizing: Sizing) =>
      rows.find((row) => row.cell === to && row.sizing === sizing)?.hiddenSize ?? own;
    const convert = (title: Message, hiddenSize?: number): Proposal => ({
      title,
      kind: 'convert',
      change: () => convertLayer(file, layer, { to, ...(hiddenSize === undefined ? {} : { hiddenSize }) }),
    });
    const name = CELL_NAMES[to];
    const [params, flops] = [sizeFor('same-params'), sizeFor('same-flops')];
    const proposals = [convert(message('Convert to {0} of the same size', name))];
    if (params !== undefined && params !== own)
      proposals.push(
        convert(
          message('Convert to {0} with equal parameters (hidden size {1})', name, formatCount(params)),
          params,
        ),
      );
    if (flops !== undefined && flops !== own && flops !== params)
      proposals.push(
        convert(
          message('Convert to {0} with equal FLOPs (hidden size {1})', name, formatCount(flops)),
          flops,
        ),
      );
    return proposals;
  });
}

function rounding(file: TextFile, layer: RecurrentLayer): Proposal[] {
  const hidden = valueOf(layer.hiddenSize);
  if (hidden === undefined || hidden < 4) return [];
  const rounded = [8, 64].map((multiple) => Math.max(multiple, Math.round(hidden / multiple) * multiple));
  return [...new Set(rounded)]
    .filter((size) => size !== hidden && size < 2 * hidden)
    .map((size) => ({
      title: message('Round the hidden size to {0}', formatCount(size)),
      kind: 'resize',
      change: () => resizeLayer(file, layer, size),
    }));
}

function initialisation(
  file: TextFile,
  model: ModelCost,
  layer: RecurrentLayer,
  say: (m: Message) => string,
): Proposal[] {
  const found = flowSpecOf(costLayer(withSizes(layer), model.workload), withSizes(layer), model.workload);
  if ('blocked' in found) return [];
  return alternativesFor(found.spec)
    .filter(({ id, spec }) => spec.cell === found.spec.cell && !(id === 'forget-bias' && startsOpen(layer)))
    .map((alternative) => ({
      title: message('Initialise: {0}', say(alternative.label)),
      kind: 'initialise',
      change: () => initialiseLayer(file, layer, alternative),
    }));
}

/** The source sets the forget gate's bias already. */
function startsOpen(layer: RecurrentLayer): boolean {
  return layer.initialisers?.forgetBias !== undefined;
}

/** How a layer starts is the same at any size: one that is not known stands in the way of nothing here. */
function withSizes(layer: RecurrentLayer): RecurrentLayer {
  const size = (dim: Dim): Dim => (valueOf(dim) === undefined ? constant(1) : dim);
  const { inputSize, hiddenSize, numLayers, directions } = layer;
  return {
    ...layer,
    inputSize: size(inputSize),
    hiddenSize: size(hiddenSize),
    numLayers: size(numLayers),
    directions: size(directions),
  };
}

function resetGate(file: TextFile, layer: RecurrentLayer): Proposal[] {
  const keras = layer.framework === 'keras' || layer.framework === 'keras2';
  const now = layer.resetAfter === undefined ? undefined : valueOf(layer.resetAfter);
  if (!keras || cellOf(layer.kind) !== 'gru' || now === undefined || isCell(layer)) return [];
  const value = now === 1 ? 'False' : 'True';
  return [
    {
      title: message('Set {0}', `reset_after=${value}`),
      kind: 'option',
      change: () => setOption(file, layer, 'reset_after', value),
    },
  ];
}
