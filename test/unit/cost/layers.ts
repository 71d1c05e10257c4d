import { type Dim, type DimLike, type LayerBase, type RecurrentLayer, constant } from '../../../src/model';

type Sizes =
  'inputSize' | 'hiddenSize' | 'numLayers' | 'directions' | 'bias' | 'projSize' | 'resetAfter' | 'peepholes';

export type RecurrentSpec = Partial<Omit<RecurrentLayer, Sizes>> & Partial<Record<Sizes, DimLike>>;

/** A PyTorch LSTM 64 → 128 unless said otherwise. */
export function recurrent(spec: RecurrentSpec): RecurrentLayer {
  const sizes: Partial<Record<Sizes, DimLike>> = {
    inputSize: 64,
    hiddenSize: 128,
    numLayers: 1,
    directions: 1,
    bias: 1,
  };
  const layer: Record<string, unknown> = { ...base('rnn', 'LSTM'), kind: 'lstm', ...sizes, ...spec };
  for (const key of SIZES) if (layer[key] !== undefined) layer[key] = dim(layer[key] as DimLike);
  return layer as unknown as RecurrentLayer;
}

const SIZES: readonly Sizes[] = [
  'inputSize',
  'hiddenSize',
  'numLayers',
  'directions',
  'bias',
  'projSize',
  'resetAfter',
  'peepholes',
];

/** What every layer has. */
export function base(path: string, typeName: string): LayerBase {
  return { path, typeName, framework: 'pytorch', source: { file: 'model.py' } };
}

export function dim(value: DimLike): Dim {
  return typeof value === 'object' ? value : constant(value);
}

export function dims(...values: readonly DimLike[]): readonly Dim[] {
  return values.map(dim);
}
