export type NumberType = 'float32' | 'float16' | 'bfloat16' | 'int8' | 'float64';

/** What one forward pass runs over, where the source does not fix it. Always shown beside the numbers. */
export interface Workload {
  /** Sequence length T, in steps. */
  readonly seqLen: number;
  /** Batch size B, in sequences. */
  readonly batch: number;
  readonly numberType: NumberType;
  /**
   * Real lengths of the batch's sequences, where they differ. `seqLen` is then the longest and `batch` their number: padded
   * sequences all cost the longest, packed ones their own length.
   */
  readonly lengths?: readonly number[];
}

/** The same workload over sequences of these lengths; none at all: sequences of equal length. */
export function withLengths(workload: Workload, lengths: readonly number[]): Workload {
  const { seqLen, batch, numberType } = workload;
  if (lengths.length === 0) return { seqLen, batch, numberType };
  return { seqLen: lengths.reduce((a, b) => Math.max(a, b), 1), batch: lengths.length, numberType, lengths };
}

/** The workload with other sizes where some are given; lengths say nothing about another sequence length or batch. */
export function withSizes(
  workload: Workload,
  seqLen: number | undefined,
  batch: number | undefined,
): Workload {
  if (seqLen === undefined && batch === undefined) return workload;
  const { numberType } = workload;
  return { seqLen: seqLen ?? workload.seqLen, batch: batch ?? workload.batch, numberType };
}

/** More sequences than this in one batch are refused. */
const MAX_LENGTHS = 10_000;

/** No sequence of a real task comes near. */
const MAX_LENGTH = 10_000_000;

/** Whether these are lengths of sequences: whole numbers of at least 1, none and not the list of them too long. */
export function areLengths(values: readonly unknown[]): values is readonly number[] {
  return (
    values.length <= MAX_LENGTHS &&
    values.every((n) => Number.isSafeInteger(n) && (n as number) >= 1 && (n as number) <= MAX_LENGTH)
  );
}

export const DEFAULT_WORKLOAD: Workload = { seqLen: 100, batch: 1, numberType: 'float32' };

export const BYTES_PER_NUMBER: Readonly<Record<NumberType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int8: 1,
};
