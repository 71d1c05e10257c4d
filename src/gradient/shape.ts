import type { FlowSpec } from '../model';

/** Gates in the order this room keeps them side by side. */
export const GATES = {
  rnn: ['hidden'],
  lstm: ['input', 'forget', 'candidate', 'output'],
  gru: ['reset', 'update', 'candidate'],
} as const;

/** Where the gate that remembers stands: its bias decides how long a cell keeps its state. */
export const MEMORY_GATE = { rnn: undefined, lstm: 1, gru: 1 } as const;

/** What the sizes of one layer in one direction are. */
export interface DirectionShape {
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** What is fed back: the projection where there is one. */
  readonly outputSize: number;
  readonly gates: number;
}

/** Layers and directions, bottom layer first, forward before reverse. */
export function shapesOf(spec: FlowSpec): readonly DirectionShape[] {
  const outputSize = spec.projSize > 0 ? spec.projSize : spec.hiddenSize;
  const directions: DirectionShape['direction'][] = spec.bidirectional ? ['forward', 'reverse'] : ['forward'];
  return Array.from({ length: spec.numLayers }, (_, layer) =>
    directions.map((direction) => ({
      layer,
      direction,
      inputSize: layer === 0 ? spec.inputSize : outputSize * directions.length,
      hiddenSize: spec.hiddenSize,
      outputSize,
      gates: GATES[spec.cell].length,
    })),
  ).flat();
}
