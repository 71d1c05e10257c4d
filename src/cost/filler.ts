import { type Dim, type DimLike, type Workload, BATCH, SEQ_LEN, mul, substitute, symbolName } from '../model';
import { PACKED_STEPS } from './recurrent-work';

/** Replaces the assumed sequence length, batch and packed steps by the workload's numbers. */
export function filler({ seqLen, batch, lengths }: Workload): (d: Dim) => Dim {
  const packed = lengths?.reduce((sum, n) => sum + n, 0) ?? mul(seqLen, batch);
  const values = new Map<string, DimLike>([
    [symbolName(SEQ_LEN)!, seqLen],
    [symbolName(BATCH)!, batch],
    [symbolName(PACKED_STEPS)!, packed],
  ]);
  return (d) => substitute(d, values);
}
