export type NumberType = 'float32' | 'float16' | 'bfloat16' | 'int8' | 'float64';

/** What one forward pass runs over, where the source does not fix it. Always shown beside the numbers. */
export interface Workload {
  /** Sequence length T, in steps. */
  readonly seqLen: number;
  /** Batch size B, in sequences. */
  readonly batch: number;
  readonly numberType: NumberType;
}

export const DEFAULT_WORKLOAD: Workload = { seqLen: 100, batch: 1, numberType: 'float32' };

export const BYTES_PER_NUMBER: Readonly<Record<NumberType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int8: 1,
};
