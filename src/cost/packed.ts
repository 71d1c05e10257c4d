import { type LayerCall, type RecurrentLayer, type Workload, BATCH, SEQ_LEN, constant } from '../model';
import { forwardOf } from './forward';
import { filler } from './filler';
import type { Work } from './types';
import { mapWork } from './work';

/** Work of a batch of sequences of different lengths. */
export interface PackedWork {
  /** Steps over all sequences: the sum of their lengths. */
  readonly steps: number;
  /** Packed (`pack_padded_sequence`, ragged or masked and skipped): each sequence costs its own length. */
  readonly packed: Work;
  readonly paddedSteps: number;
  /** The same batch padded to its longest sequence. */
  readonly padded: Work;
}

/** Forward work of one run of a recurrent layer over the workload's sequences; undefined where it gives no lengths. */
export function costPacked(layer: RecurrentLayer, workload: Workload): PackedWork | undefined {
  const { lengths, seqLen, batch } = workload;
  if (lengths === undefined) return undefined;
  const fill = filler(workload);
  const run = (packed: boolean): Work => {
    const call: LayerCall = { inputs: [undefined], steps: SEQ_LEN, batch: BATCH, packed, times: constant(1) };
    const forward = forwardOf({ ...layer, calls: [call] });
    if ('unknown' in forward) throw new Error('the work of a recurrent layer is known from its sizes');
    return mapWork(forward.work, fill);
  };
  return {
    steps: lengths.reduce((sum, n) => sum + n, 0),
    packed: run(true),
    paddedSteps: seqLen * batch,
    padded: run(false),
  };
}
