import { type Dim, type RecurrentLayer, add, constant, isCell, min, mul, sub, valueOf } from '../model';

/** One stacked layer of a recurrent layer, in one direction. */
export interface Level {
  /** Counted from 0; `1…` where all upper layers are described by one entry. */
  readonly index: string;
  readonly reverse: boolean;
  readonly inputSize: Dim;
  /** How many times this entry exists. */
  readonly count: Dim;
}

/** Above this many stacked layers the upper ones are described together: hostile sources must not fill memory. */
const MAX_LISTED_LAYERS = 64;

/** A layer whose projection is there although its size is but a letter (in formulas). */
export type Projected = RecurrentLayer & { readonly projected?: true };

/** 1 where there is an LSTM projection, 0 where not; `min(1, P)` while that is unknown. */
export function hasProjection(layer: Projected): Dim {
  return layer.projected ? constant(1) : min(1, layer.projSize ?? 0);
}

/** Size of the state that is fed back: P with a projection, else H. */
export function stateSize(layer: RecurrentLayer): Dim {
  const has = hasProjection(layer);
  if (valueOf(has) === 0) return layer.hiddenSize;
  const p = layer.projSize ?? constant(0);
  return valueOf(has) === 1 ? p : add(p, mul(sub(1, has), layer.hiddenSize));
}

/** The stacked layers and directions of a recurrent layer: the upper ones read the outputs of both directions below. */
export function levelsOf(layer: RecurrentLayer): readonly Level[] {
  const one = constant(1);
  const directions = layer.directions;
  const upper = mul(directions, stateSize(layer));
  const stacked = isCell(layer) ? one : layer.numLayers;
  const n = valueOf(stacked);
  const levels: Omit<Level, 'reverse'>[] = [];
  if (n !== undefined && n <= MAX_LISTED_LAYERS) {
    for (let i = 0; i < n; i++) {
      levels.push({ index: String(i), inputSize: i === 0 ? layer.inputSize : upper, count: one });
    }
  } else {
    levels.push({ index: '0', inputSize: layer.inputSize, count: one });
    levels.push({ index: '1…', inputSize: upper, count: sub(stacked, 1) });
  }
  const second = sub(directions, 1);
  return levels.flatMap((level) => {
    const forward = { ...level, reverse: false };
    if (valueOf(second) === 0) return [forward];
    return [forward, { ...level, reverse: true, count: mul(level.count, second) }];
  });
}
