import type { SourceRef } from './source';

/**
 * Something a file's code does with its models beyond building them, as plainly seen in its syntax. Facts only: whether one is a
 * mistake is for the rules to say, which also know the models.
 */
export type Usage =
  /** `out[:, -1]` or `out[-1]` on the output of the layer made at `made`; `axis` is where the −1 stands. */
  | {
      readonly kind: 'last-of-axis';
      readonly made: SourceRef;
      readonly axis: 0 | 1;
      /** What stands between the brackets, where it is the −1 alone. */
      readonly index?: SourceRef;
      readonly source: SourceRef;
    }
  /** The layer made at `made` is given zeros for a state, as many rows as axis `axis` of its own input is long. */
  | {
      readonly kind: 'state-batch-axis';
      readonly made: SourceRef;
      readonly axis: 0 | 1;
      readonly source: SourceRef;
    }
  /** The class's only way out of `forward` is a softmax; `logits` is what it is taken of. */
  | {
      readonly kind: 'softmax-output';
      readonly className: string;
      readonly source: SourceRef;
      readonly logits?: SourceRef;
    }
  /** A loss that applies the softmax itself. */
  | { readonly kind: 'cross-entropy'; readonly source: SourceRef }
  /** How many classes with a `forward` the file has. */
  | { readonly kind: 'modules'; readonly count: number; readonly source: SourceRef }
  /** A training loop hands a state from one step to the next and never detaches it. */
  | { readonly kind: 'carried-state'; readonly name: string; readonly source: SourceRef }
  /** Sequences are packed with `enforce_sorted` left on, their lengths are computed on the spot, and nothing is sorted. */
  | { readonly kind: 'packed-unsorted'; readonly source: SourceRef }
  /** A slice of every parameter whose name holds `bias` is set to a value; `test` is the text `"bias"`, where there is one. */
  | {
      readonly kind: 'bias-slice-filled';
      readonly value: number;
      readonly source: SourceRef;
      readonly test?: SourceRef;
    }
  /** The file trains (`.backward()`, `.fit(…)`); `clipped` when it mentions gradient clipping anywhere. */
  | {
      readonly kind: 'training';
      readonly clipped: boolean;
      readonly source: SourceRef;
      /** The file's only `loss.backward()`, a statement of its own, in a file that imports torch. */
      readonly backward?: SourceRef;
      /** `model.parameters()`, when the file says it in one way only. */
      readonly parameters?: SourceRef;
    };
