import { compareLayer } from '../../compare';
import {
  type Model,
  type ProbeSpec,
  type ProbeTask,
  type RecurrentLayer,
  type Workload,
  constant,
} from '../../model';

/** Small enough that a probe takes seconds; how cells differ on these tasks shows at this size already. */
const HIDDEN = 24;
const ITERATIONS = 300;
const BATCH = 16;
const LEARNING_RATE = 0.01;
/** Longer sequences would keep a person waiting. */
const MAX_STEPS = 200;

/** A probe of the three cells at an equal parameter budget, over the sequence length the user works with. */
export function probeSpec(task: ProbeTask, workload: Workload): ProbeSpec {
  const layer: RecurrentLayer = {
    kind: 'lstm',
    path: 'probe',
    typeName: 'LSTM',
    framework: 'pytorch',
    source: { file: '' },
    inputSize: constant(2),
    hiddenSize: constant(HIDDEN),
    numLayers: constant(1),
    directions: constant(1),
    bias: constant(1),
  };
  const model: Model = {
    name: 'probe',
    framework: 'pytorch',
    source: layer.source,
    form: 'class',
    layers: [layer],
    unknowns: [],
    assumed: [],
  };
  const rows = compareLayer(layer, model, workload).rows.filter((row) => row.sizing === 'same-params');
  return {
    task,
    steps: Math.min(Math.max(workload.seqLen, 4), MAX_STEPS),
    batch: BATCH,
    iterations: ITERATIONS,
    learningRate: LEARNING_RATE,
    seed: 1,
    cells: rows.map(({ cell, hiddenSize }) => ({ cell, hiddenSize })),
  };
}
