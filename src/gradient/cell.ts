/**
 * One layer in one direction, step by step in the order in which it runs (step s = 0 is the first it takes).
 * Rows are sequences of the batch. Gradients carry a power of two apart (see `backward.ts`); a cell only ever
 * multiplies them, so it need not know.
 */
export interface Cell {
  /** [(T + 1) × B × R]: the zero state, then h after each step. */
  readonly states: Float32Array;
  /** [T × B × gates·H]: gate activations after `forward`, and their pre-activations' gradients after `backward`. */
  readonly gates: Float32Array;
  /** LSTM: the carried part of ∂L/∂c, scaled by the driver together with ∂L/∂h. */
  readonly carry?: Float64Array;
  /** LSTM: Frobenius norm of ∂L/∂c_s as of the last `backward`. */
  cellNorm?: number;
  forward(s: number): void;
  /**
   * @param dh ∂L/∂h after step s, whole
   * @param dhPrevious receives the part of ∂L/∂h before step s that flows through this step
   */
  backward(s: number, dh: Float64Array, dhPrevious: Float64Array): void;
  /** What multiplies the recurrent kernel's gradient: which columns belong together with which left-hand states. */
  recurrentParts(): readonly RecurrentPart[];
}

/** Columns of the recurrent kernel whose gradient is leftᵀ · right, summed over steps and batch. */
export interface RecurrentPart {
  /** [T × B × rows] */
  readonly left: Float32Array;
  /** Gradient of what these columns add to, [T × B × gates·H] or narrower. */
  readonly right: Float32Array;
  /** Names of gates, one for each H columns of `right`; undefined where the columns belong to another part. */
  readonly gates: readonly (string | undefined)[];
  readonly tensor: 'recurrent kernel' | 'projection';
}

export interface CellSizes {
  readonly steps: number;
  readonly batch: number;
  readonly hidden: number;
  readonly output: number;
}

/** The transpose of a row-major matrix. */
export function transposed(a: Float32Array, rows: number, cols: number): Float32Array {
  const out = new Float32Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = a[i * cols + j]!;
  return out;
}

/** Some columns of a row-major matrix. */
export function columns(a: Float32Array, width: number, from: number, to: number): Float32Array {
  const rows = a.length / width;
  const out = new Float32Array(rows * (to - from));
  for (let i = 0; i < rows; i++) out.set(a.subarray(i * width + from, i * width + to), i * (to - from));
  return out;
}
