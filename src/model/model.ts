import type { Framework } from './framework';
import type { Layer } from './layer';
import type { Message } from './message';
import type { SourceRef } from './source';

/** Something the reader could not settle, with a name the user can give a value to. */
export interface Unknown {
  /** The symbol in every {@link Dim} that depends on it. Unique in a model. */
  readonly name: string;
  readonly reason: Message;
  readonly source?: SourceRef;
  /** Values seen at call sites or offered by the source (`choices=` of argparse, a dict's keys). */
  readonly choices?: readonly AssumableValue[];
}

export type AssumableValue = number | string | boolean;

/** A value that was assumed, not read. */
export interface Assumed {
  readonly name: string;
  readonly value: AssumableValue;
  readonly from: 'argument' | 'comment' | 'setting';
  readonly source?: SourceRef;
}

/** The call that gave a model class its arguments, when there is one. */
export interface Construction {
  readonly source: SourceRef;
  /** As written, shortened: `RNNModel(args.model, ntokens, …)`. */
  readonly text: string;
}

/** A model as a file describes it. */
export interface Model {
  readonly name: string;
  readonly framework: Framework;
  /** The class, the variable's assignment or the file. */
  readonly source: SourceRef;
  readonly form: 'class' | 'sequential' | 'functional' | 'saved';
  readonly construction?: Construction;
  /** Leaves, in the order they are created. */
  readonly layers: readonly Layer[];
  readonly unknowns: readonly Unknown[];
  readonly assumed: readonly Assumed[];
}

/** Something to tell the user about a place. */
export interface Problem {
  /** Stable id of the kind of problem, kebab-case. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: Message;
  readonly source: SourceRef;
}

/** What a reader returns. It never throws for anything a file may hold. */
export interface ReadResult {
  /** `python`, `onnx`, `keras-json` … */
  readonly format: string;
  readonly models: readonly Model[];
  readonly problems: readonly Problem[];
}

/** Values the user gives to unknowns; a key is a name, or `Class.name` to mean one class only. */
export type Assumptions = ReadonlyMap<string, Assumed>;
