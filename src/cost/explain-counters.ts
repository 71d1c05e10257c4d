import {
  type Dim,
  type Message,
  type RecurrentLayer,
  type Workload,
  add,
  cellOf,
  constant,
  formatDim,
  isCell,
  message,
  mul,
  sub,
} from '../model';
import { filler } from './filler';
import { recurrentTensors } from './layers/recurrent';
import { type RecurrentUse, perStepWork, recurrentUses } from './recurrent-work';
import { levelsOf, stateSize } from './recurrent-shape';
import { sumSizes } from './tensor';

export type Counter = 'torchinfo' | 'thop' | 'ptflops';

/** What another counter prints as this layer's multiply-accumulates, and what of that are no weight MACs. */
export interface CounterExplanation {
  readonly counter: Counter;
  /** What it prints. */
  readonly prints: Dim;
  /** Weight multiply-accumulates. */
  readonly macs: Dim;
  /** What lies between the two; the amounts sum to prints − macs. */
  readonly parts: readonly { readonly message: Message; readonly amount: Dim }[];
}

/**
 * Recomputes by their own rules what torchinfo, thop and ptflops print for a PyTorch recurrent layer (read from
 * torchinfo/layer_info.py, thop/rnn_hooks.py and ptflops/pytorch_ops.py). Empty for other frameworks, and when the layer is not used;
 * without ptflops for packed sequences, on which it fails.
 */
export function explainCounters(layer: RecurrentLayer, workload: Workload): readonly CounterExplanation[] {
  if (layer.framework !== 'pytorch' || layer.calls?.length === 0) return [];
  const fill = filler(workload);
  const uses = recurrentUses(layer);
  const runs = add(...uses.map((u) => mul(u.positions, u.times)));
  const macs = mul(runs, perStepWork(layer).macs);
  const packed = uses.some((use) => use.packed);
  const rules = packed ? RULES.filter(({ counter }) => counter !== 'ptflops') : RULES;
  return rules.map(({ counter, perRun, runsOf }) => {
    const shapes = uses.map((use, i) => ({ use, rank: layer.calls?.[i]?.inputs[0]?.length }));
    const counted = add(...shapes.map(({ use, rank }) => mul(runsOf(layer, use, rank), use.times)));
    const added = perRun(layer).map((part) => ({ say: part.say, amount: fill(mul(part.amount, runs)) }));
    const perStep = add(perStepWork(layer).macs, ...perRun(layer).map((p) => p.amount));
    const prints = fill(mul(counted, perStep));
    const misread = fill(mul(sub(counted, runs), perStep));
    const parts: Part[] = [
      ...added,
      {
        say: (amount) =>
          packed && counter === 'thop'
            ? message('It counts every sequence as long as the longest: {0}.', amount)
            : message('It takes the wrong axes for steps and sequences of this input: {0}.', amount),
        amount: misread,
      },
    ];
    return {
      counter,
      prints,
      macs: fill(macs),
      parts: parts
        .filter((p) => p.amount.terms.size > 0)
        .map((p) => ({ message: p.say(formatDim(p.amount)), amount: p.amount })),
    };
  });
}

interface Part {
  /** What the amount is, in words. */
  readonly say: (amount: string) => Message;
  readonly amount: Dim;
}

interface Rule {
  readonly counter: Counter;
  /** What it adds to the weight MACs of one step of one sequence. */
  readonly perRun: (layer: RecurrentLayer) => readonly Part[];
  /** What it takes for steps × sequences, given the input's rank where that is known. */
  readonly runsOf: (layer: RecurrentLayer, use: RecurrentUse, rank: number | undefined) => Dim;
}

const RULES: readonly Rule[] = [
  {
    counter: 'torchinfo',
    perRun: (layer) => [
      {
        say: (amount) => message('Bias values count as multiply-accumulates: {0}.', amount),
        amount: biases(layer),
      },
    ],
    // All parameters times the first two axes of the output: a cell's output is (B, H), an unbatched layer's (T, D·H).
    runsOf: (layer, use, rank) => {
      if (isCell(layer)) return rank === 1 ? layer.hiddenSize : mul(use.batch, layer.hiddenSize);
      const outputs = mul(layer.directions, stateSize(layer));
      // The data of a packed output has two axes: steps of all sequences, and the outputs of one.
      if (use.packed) return mul(use.positions, outputs);
      return rank === 2 ? mul(use.steps, outputs) : mul(use.steps, use.batch);
    },
  },
  {
    counter: 'thop',
    perRun: (layer) => [
      {
        say: (amount) => message('Bias values count as multiply-accumulates: {0}.', amount),
        amount: biases(layer),
      },
      {
        say: (amount) => message('Sums of the input and the recurrent product: {0}.', amount),
        amount: mul(gatesIn(layer), unitsOf(layer)),
      },
      {
        say: (amount) => message('Elementwise products and sums of the state: {0}.', amount),
        amount: mul({ rnn: 0, lstm: 4, gru: 4 }[cellOf(layer.kind)], unitsOf(layer)),
      },
      {
        say: (amount) => message('It does not know the projection and counts full-size states: {0}.', amount),
        amount: sub(perStepWork({ ...layer, projSize: constant(0) }).macs, perStepWork(layer).macs),
      },
    ],
    runsOf: axesOfInput,
  },
  {
    counter: 'ptflops',
    perRun: (layer) => [
      {
        say: (amount) => message('Bias values count as multiply-accumulates: {0}.', amount),
        amount: biases(layer),
      },
      {
        say: (amount) => message('Sums of the input and the recurrent product: {0}.', amount),
        amount: mul(gatesIn(layer), unitsOf(layer)),
      },
      {
        say: (amount) => message('Elementwise products and sums of the state: {0}.', amount),
        amount: mul({ rnn: 0, lstm: 6, gru: 4 }[cellOf(layer.kind)], unitsOf(layer)),
      },
      {
        say: (amount) => message('It leaves the projection out: {0}.', amount),
        amount: mul(
          -1,
          sumSizes(recurrentTensors(layer), (t) => t.role === 'projection'),
        ),
      },
    ],
    runsOf: axesOfInput,
  },
];

/** Both take the first two axes of the input, which for unbatched input are (T, I); of a cell's input the first. */
function axesOfInput(layer: RecurrentLayer, use: RecurrentUse, rank: number | undefined): Dim {
  if (isCell(layer)) return rank === 1 ? layer.inputSize : use.batch;
  return rank === 2 ? mul(use.steps, layer.inputSize) : mul(use.steps, use.batch);
}

function biases(layer: RecurrentLayer): Dim {
  return sumSizes(recurrentTensors(layer), (t) => t.role === 'bias');
}

function unitsOf(layer: RecurrentLayer): Dim {
  return mul(add(...levelsOf(layer).map((l) => l.count)), layer.hiddenSize);
}

function gatesIn(layer: RecurrentLayer): number {
  return { rnn: 1, lstm: 4, gru: 3 }[cellOf(layer.kind)];
}
