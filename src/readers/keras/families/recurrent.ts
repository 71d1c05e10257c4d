import {
  BATCH,
  type Dim,
  type Initialisers,
  type RecurrentKind,
  type RecurrentLayer,
  type Shape,
  constant,
  message,
} from '../../../model';
import { snakeCase } from '../names';
import { type LayerSpec, isLayerSpec, isList } from '../spec';
import { type LayerRun, type Site, onlyLast } from '../site';

/** The three cells: their classes as layers and as cells. */
const LAYER_KINDS: Readonly<Record<string, RecurrentKind>> = {
  SimpleRNN: 'rnn',
  LSTM: 'lstm',
  GRU: 'gru',
  CuDNNLSTM: 'lstm',
  CuDNNGRU: 'gru',
};

const CELL_KINDS: Readonly<Record<string, RecurrentKind>> = {
  SimpleRNNCell: 'rnn-cell',
  LSTMCell: 'lstm-cell',
  GRUCell: 'gru-cell',
};

/** Which of Keras' fields each of a recurrent layer's is. */
const FIELDS = {
  hiddenSize: 'units',
  bias: 'use_bias',
  resetAfter: 'reset_after',
  activation: 'activation',
  recurrentActivation: 'recurrent_activation',
  returnSequences: 'return_sequences',
  returnState: 'return_state',
  dropout: 'dropout',
  recurrentDropout: 'recurrent_dropout',
};

/** `SimpleRNN`, `LSTM`, `GRU` and their CuDNN forms. */
export function recurrentLayer(site: Site): LayerRun {
  return sequence(site, [site], LAYER_KINDS[site.spec.className]!);
}

/** `RNN(cell)` and `RNN([cell, …])`: the layer runs its cells over the sequence. */
export function rnnOfCells(site: Site): LayerRun {
  const cells = cellSpecs(site.get('cell'));
  if (!cells || cells.length === 0) {
    return unknownCell(site, message('the cell of {0} cannot be read', site.path));
  }
  const names = new Map<string, number>();
  const sites = cells.map((spec) => {
    const path = cells.length === 1 ? site.path : `${site.path}.${cellName(spec, names)}`;
    return site.inner(spec, path, site.inputs, {
      ...site.around,
      wrappers: [...(site.around.wrappers ?? []), 'RNN'],
    });
  });
  const strange = cells.find((c) => CELL_KINDS[c.className] === undefined);
  if (strange) {
    return unknownCell(
      site,
      message('{0} is a cell of its own making; its weights cannot be read', strange.className),
    );
  }
  return sequence(site, sites);
}

function cellName(spec: LayerSpec, taken: Map<string, number>): string {
  const name = spec.name ?? snakeCase(spec.className);
  const n = taken.get(name) ?? 0;
  taken.set(name, n + 1);
  return n === 0 ? name : `${name}_${n}`;
}

/** The cells in a `cell` argument: one, a list, or `StackedRNNCells([...])`. */
function cellSpecs(value: unknown): readonly LayerSpec[] | undefined {
  const v = value as Parameters<typeof isLayerSpec>[0];
  if (isLayerSpec(v)) return v.className === 'StackedRNNCells' ? cellSpecs(v.config.get('cells')) : [v];
  if (!isList(v)) return undefined;
  const nested = v.map(cellSpecs);
  return nested.every((n) => n !== undefined) ? nested.flat() : undefined;
}

function unknownCell(site: Site, reason: ReturnType<typeof message>): LayerRun {
  return {
    layers: [{ kind: 'unknown', reason, dependsOn: [], ...site.base(undefined) }],
    outputs: [undefined],
  };
}

/** Runs `cells` (one, or a stack) over the sequence that goes into `site`. */
function sequence(site: Site, cells: readonly Site[], kind?: RecurrentKind): LayerRun {
  const timeMajor = site.bool('time_major', false) === true;
  const input = site.input;
  if (input && input.length !== 3) {
    site.ctx.problem({
      code: 'shape-rank',
      severity: 'error',
      message: message(
        '{0} takes inputs of 3 axes (batch, time, features), not {1}',
        site.typeName,
        input.length,
      ),
      source: site.around.callSource ?? site.spec.source,
    });
  }
  const shape = input?.length === 3 ? input : undefined;
  const batch = shape?.[timeMajor ? 1 : 0] ?? BATCH;
  const steps = shape?.[timeMajor ? 0 : 1] ?? site.openSteps();
  const units = cells.map((c) => c.dim('units'));
  const last = units.at(-1)!;
  const returnSequences = site.bool('return_sequences', false);
  const full: Shape = timeMajor ? [steps, batch, last] : [batch, steps, last];
  const output = returnSequences === undefined ? onlyLast(last) : returnSequences ? full : [batch, last];

  let inputSize = site.weightAxis(-1, shape);
  const layers = cells.map((cell, i) => {
    const cellInput: Shape = i === 0 ? (shape ?? [batch, steps, inputSize]) : [batch, steps, inputSize];
    const layer = leaf(cell, kind ?? layerKindOfCell(cell), inputSize, units[i]!, {
      inputs: [cellInput],
      output: i === cells.length - 1 ? output : [batch, steps, units[i]!],
      steps,
      batch,
    });
    inputSize = units[i]!;
    const flagged = { ...layer, ...sequenceFlags(site) };
    // A cell may also be called by hand.
    return cell.spec === site.spec ? flagged : { ...flagged, path: site.ctx.home(cell.spec, cell.path) };
  });
  const states = cells.flatMap((cell, i): Shape[] => {
    const state: Shape = [batch, units[i]!];
    return cells.length === 1 && (kind ?? layerKindOfCell(cell)) === 'lstm' ? [state, state] : [state];
  });
  const returnState = site.bool('return_state', false);
  return { layers, outputs: returnState ? [output, ...states] : [output] };
}

function layerKindOfCell(cell: Site): RecurrentKind {
  return CELL_KINDS[cell.spec.className]!.replace('-cell', '') as RecurrentKind;
}

function sequenceFlags(site: Site): Partial<RecurrentLayer> {
  const flags = {
    returnSequences: site.bool('return_sequences', false),
    returnState: site.bool('return_state', false),
    stateful: site.bool('stateful', false),
    unroll: site.bool('unroll', false),
  };
  return Object.fromEntries(Object.entries(flags).filter(([, v]) => v !== undefined));
}

/** A cell called by hand: one step. */
export function recurrentCell(site: Site): LayerRun {
  const batch = site.input?.[0] ?? BATCH;
  const units = site.dim('units');
  const output: Shape = [batch, units];
  const layer = leaf(site, CELL_KINDS[site.spec.className]!, site.weightAxis(-1), units, {
    inputs: site.inputs.slice(0, 1),
    output,
    steps: constant(1),
    batch,
  });
  // What comes second is the list of states.
  return { layers: [layer], outputs: [output, undefined] };
}

/** `StackedRNNCells` called by hand. */
export function stackedCells(site: Site): LayerRun {
  const cells = cellSpecs(site.get('cells'));
  if (!cells || cells.some((c) => CELL_KINDS[c.className] === undefined)) {
    return unknownCell(site, message('the cells of {0} cannot be read', site.path));
  }
  const names = new Map<string, number>();
  let inputs = site.inputs;
  const runs = cells.map((spec) => {
    const run = recurrentCell(site.inner(spec, `${site.path}.${cellName(spec, names)}`, inputs, site.around));
    inputs = [run.outputs[0]];
    return run;
  });
  return { layers: runs.flatMap((r) => r.layers), outputs: [runs.at(-1)?.outputs[0], undefined] };
}

function leaf(
  site: Site,
  kind: RecurrentKind,
  inputSize: Dim,
  hiddenSize: Dim,
  call: { inputs: readonly (Shape | undefined)[]; output?: Shape; steps: Dim; batch: Dim },
): RecurrentLayer {
  const cudnn = site.spec.className.startsWith('CuDNN');
  const gru = kind.startsWith('gru');
  const { output, ...rest } = call;
  return {
    kind,
    ...site.base(output, FIELDS, rest),
    inputSize,
    hiddenSize,
    numLayers: constant(1),
    directions: constant(1),
    bias: cudnn ? constant(1) : site.flag('use_bias', true),
    ...(gru ? { resetAfter: resetAfter(site, cudnn) } : {}),
    batchFirst: site.bool('time_major', false) !== true,
    ...activations(site, kind, cudnn),
    ...rates(site),
    ...initialisers(site),
  };
}

/** tf.js knows only `reset_after=False`; standalone Keras before 2.4 had it as the default. */
function resetAfter(site: Site, cudnn: boolean): Dim {
  if (site.ctx.framework === 'tfjs') return constant(0);
  return cudnn ? constant(1) : site.flag('reset_after', site.ctx.framework !== 'keras2');
}

function activations(site: Site, kind: RecurrentKind, cudnn: boolean): Partial<RecurrentLayer> {
  const named = (field: string, fallback: string): string | undefined => {
    if (cudnn || !site.spec.config.has(field)) return fallback;
    if (site.get(field) === null) return 'linear';
    const text = site.text(field);
    return text === undefined ? undefined : snakeCase(text);
  };
  const gate = site.ctx.framework === 'keras' || cudnn ? 'sigmoid' : 'hard_sigmoid';
  const activation = named('activation', 'tanh');
  const recurrentActivation = kind.startsWith('rnn') ? undefined : named('recurrent_activation', gate);
  return {
    ...(activation === undefined ? {} : { activation }),
    ...(recurrentActivation === undefined ? {} : { recurrentActivation }),
  };
}

function rates(site: Site): Partial<RecurrentLayer> {
  const dropout = site.number('dropout');
  const recurrentDropout = site.number('recurrent_dropout');
  return {
    ...(dropout ? { dropout } : {}),
    ...(recurrentDropout ? { recurrentDropout } : {}),
  };
}

/** Keras opens the forget gate unless told not to, TensorFlow.js only when told to. */
function forgetBiasOf(site: Site): number | undefined {
  const unit = site.get('unit_forget_bias');
  if (site.ctx.framework === 'tfjs') return unit === true ? 1 : undefined;
  return unit === false ? 0 : undefined;
}

function initialisers(site: Site): { initialisers?: Initialisers } {
  const name = (field: string) => {
    const text = site.text(field);
    if (text !== undefined) return snakeCase(text);
    // An object (`RandomNormal(stddev=0.01)`) or an unknown value counts as it is written: it is not the default.
    return site.get(field) === null ? undefined : site.spec.facts?.[field]?.text;
  };
  const found: Initialisers = {
    kernel: name('kernel_initializer'),
    recurrentKernel: name('recurrent_initializer'),
    bias: name('bias_initializer'),
    forgetBias: forgetBiasOf(site),
  };
  const set = Object.fromEntries(Object.entries(found).filter(([, v]) => v !== undefined));
  return Object.keys(set).length > 0 ? { initialisers: set } : {};
}
