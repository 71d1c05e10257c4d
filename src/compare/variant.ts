import {
  type CellKind,
  type Framework,
  type RecurrentKind,
  type RecurrentLayer,
  cellOf,
  isCell,
  valueOf,
} from '../model';

/** Frameworks in which one `activation` argument means the same for the three cells. */
const SHARED_ACTIVATION: ReadonlySet<Framework> = new Set<Framework>(['keras', 'keras2', 'tfjs']);

/**
 * The same layer with another cell: input size, hidden size, stacking, directions and bias stay. What only the old cell has (projection, peepholes,
 * reset gate placement) goes, and the new cell's is the framework's default. A layer that already is that cell is returned as it is.
 */
export function asCell(layer: RecurrentLayer, cell: CellKind): RecurrentLayer {
  if (cellOf(layer.kind) === cell) return layer;
  const kept = without(
    layer,
    'projSize',
    'peepholes',
    'coupledGates',
    'resetAfter',
    'recurrentActivation',
    'stored',
    'tied',
    ...(SHARED_ACTIVATION.has(layer.framework) ? [] : (['activation'] as const)),
  );
  const kind: RecurrentKind = isCell(layer) ? `${cell}-cell` : cell;
  return { ...kept, kind, typeName: typeNameOf(layer, cell) };
}

/** A layer without some of its optional fields. */
export function without(layer: RecurrentLayer, ...fields: readonly OptionalField[]): RecurrentLayer {
  const copy: { -readonly [K in keyof RecurrentLayer]: RecurrentLayer[K] } = { ...layer };
  for (const field of fields) delete copy[field];
  return copy;
}

type OptionalField = {
  [K in keyof RecurrentLayer]-?: undefined extends RecurrentLayer[K] ? K : never;
}[keyof RecurrentLayer];

/** What the framework calls a cell's layer. */
function typeNameOf(layer: RecurrentLayer, cell: CellKind): string {
  const plain = cell === 'rnn' ? SIMPLE_RNN_NAMES[layer.framework] : cell.toUpperCase();
  const name = isCell(layer) || CELL_FRAMEWORKS.has(layer.framework) ? `${plain}Cell` : plain;
  const wrapped = BIDIRECTIONAL_WRAPPERS.has(layer.framework) && valueOf(layer.directions) === 2;
  return wrapped ? `Bidirectional(${name})` : name;
}

const CELL_FRAMEWORKS: ReadonlySet<Framework> = new Set<Framework>([
  'flax-linen',
  'flax-nnx',
  'equinox',
  'tf1',
]);
const BIDIRECTIONAL_WRAPPERS: ReadonlySet<Framework> = new Set<Framework>([
  'keras',
  'keras2',
  'tfjs',
  'flax-linen',
  'flax-nnx',
]);

const SIMPLE_RNN_NAMES: Readonly<Record<Framework, string>> = {
  pytorch: 'RNN',
  mindspore: 'RNN',
  mxnet: 'RNN',
  onnx: 'RNN',
  keras: 'SimpleRNN',
  keras2: 'SimpleRNN',
  tfjs: 'SimpleRNN',
  paddle: 'SimpleRNN',
  tf1: 'BasicRNN',
  haiku: 'VanillaRNN',
  equinox: 'RNN',
  'flax-linen': 'Simple',
  'flax-nnx': 'Simple',
};
