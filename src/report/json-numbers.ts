import { type Dim, type SourceRef, type Workload, valueOf } from '../model';

/** The version of every JSON output; raised when a field changes its meaning or goes away. */
export const SCHEMA_VERSION = 1;

/** A count in JSON: null when it is not known as a number, never 0. */
export function numberOf(dim: Dim | undefined): number | null {
  return dim === undefined ? null : (valueOf(dim) ?? null);
}

/** Lines count from 1 in every output; a file without lines counts as line 1. */
export function lineOf(source: SourceRef): number {
  return (source.range?.start.line ?? 0) + 1;
}

/** What the numbers were computed over. */
export function workloadJson({ seqLen, batch, numberType, lengths }: Workload) {
  return { seqLen, batch, dtype: numberType, ...(lengths && { lengths }) };
}
