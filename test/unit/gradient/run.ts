import { join } from 'node:path';
import { type Products, type Watcher, runFlow, startProducts } from '../../../src/gradient';
import type { FlowProfile, FlowSpec } from '../../../src/model';

const WASM = join(import.meta.dirname, '../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/');
export const UNWATCHED: Watcher = { progress: () => undefined, check: () => undefined };
let products: Promise<Products> | undefined;

/** tfjs on wasm, in this process. */
export function wasm(): Promise<Products> {
  return (products ??= startProducts(WASM));
}

export async function profileOf(spec: FlowSpec, watcher = UNWATCHED): Promise<FlowProfile> {
  return runFlow(spec, await wasm(), 1 << 30, watcher);
}

/** A small LSTM of PyTorch's. */
export const SMALL: FlowSpec = {
  cell: 'lstm',
  framework: 'pytorch',
  inputSize: 3,
  hiddenSize: 5,
  numLayers: 1,
  bidirectional: false,
  bias: true,
  projSize: 0,
  resetAfter: true,
  nonlinearity: 'tanh',
  initialiser: { kind: 'default' },
  steps: 12,
  batch: 2,
  seeds: [1],
  loss: 'last',
  input: { kind: 'noise' },
};
