import type { AssumableValue, CellKind, Message, NumberType, Workload } from '../model';

/**
 * What the comparison page shows, as plain JSON. Numbers travel as numbers: the page formats them. `null` is "unknown",
 * which the page writes out with its reason; it is never 0.
 */
export interface PanelState {
  readonly file: FileView;
  readonly phase: 'loading' | 'ready' | 'empty' | 'error';
  /** What went wrong, in phase `error`. */
  readonly error?: Message;
  readonly problems: readonly ProblemView[];
  /** All models of the file, for the choice at the top. */
  readonly models: readonly ModelChoice[];
  readonly model: ModelView | null;
  /** Another model, or this one at another moment, kept beside it. */
  readonly pinned: PinnedView | null;
  readonly goals: Goals;
}

export interface FileView {
  readonly uri: string;
  /** Relative to the workspace where it lies in one. */
  readonly name: string;
  /** A saved model in bytes: there is no text to go to, and nothing to change. */
  readonly saved: boolean;
}

/** Whether a source of the workspace describes the same model as a saved file. */
export interface SourceMatchView {
  readonly kind: 'same' | 'recurrent' | 'different' | 'none';
  readonly text: Message;
  /** Where the source declares its model. */
  readonly place: Place | null;
  readonly differences: readonly Message[];
}

export interface ProblemView {
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: Message;
  readonly place: Place | null;
}

/** A place in a text: counted from 0. */
export interface Place {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

export interface ModelChoice {
  /** Unique in the file. */
  readonly name: string;
  readonly className: string;
  /** The call that builds it, where the class is built in several ways. */
  readonly construction: string | null;
  readonly line: number | null;
}

/** A number that may be unknown, or known only as a formula of unknown names. */
export interface Quantity {
  readonly value: number | null;
  /** The size in letters while names in it have no value; or its exact digits where a double cannot hold them. */
  readonly formula?: string;
}

export interface ModelView {
  readonly name: string;
  readonly framework: string;
  readonly place: Place | null;
  readonly construction: { readonly text: string; readonly place: Place | null } | null;
  /** Sizes that the source names: `nhid = 200`. */
  readonly facts: readonly FactView[];
  readonly assumed: readonly AssumedView[];
  readonly unknowns: readonly UnknownView[];
  readonly workload: Workload;
  readonly totals: TotalsView;
  readonly layers: readonly LayerView[];
  /** The layer or, with path `''`, the whole model that is compared. */
  readonly comparison: ComparisonView | null;
  readonly whatIf: WhatIfView | null;
  readonly explain: ExplainView | null;
  /** Of the whole model. */
  readonly quantities: QuantitiesView;
  readonly decision: readonly SentenceView[];
}

export interface FactView {
  readonly name: string;
  readonly value: string;
  readonly place: Place | null;
}

export interface AssumedView {
  readonly name: string;
  readonly value: AssumableValue;
  readonly from: 'argument' | 'comment' | 'setting';
}

export interface UnknownView {
  readonly name: string;
  readonly reason: Message;
  readonly place: Place | null;
  readonly choices: readonly AssumableValue[];
}

export interface TotalsView {
  readonly params: Quantity;
  readonly trainable: Quantity;
  readonly nonTrainable: Quantity;
  /** Parameters in recurrent layers. */
  readonly recurrent: Quantity;
  readonly macs: Quantity;
  readonly flops: Quantity;
  readonly backwardFlops: Quantity;
  readonly weightBytes: Quantity;
  readonly activationBytes: Quantity;
  readonly formula: string | null;
  /** Why a total is unknown. */
  readonly unknown: readonly Message[];
}

export interface LayerView {
  readonly path: string;
  readonly typeName: string;
  /** What it is in a few words: `LSTM 200 → 200, 2 layers`. */
  readonly what: readonly Message[];
  readonly recurrent: boolean;
  readonly place: Place | null;
  readonly params: Quantity;
  readonly macs: Quantity;
  readonly flops: Quantity;
  readonly weightBytes: Quantity;
  readonly activationBytes: Quantity;
  readonly formula: FormulaView | null;
  readonly unknown: readonly Message[];
}

export interface FormulaView {
  readonly letters: string;
  readonly filled: string;
}

export type SizingView = 'same-size' | 'same-params' | 'same-flops';

export interface ComparisonView {
  /** The layer's path; `''` when the whole model is compared. */
  readonly path: string;
  readonly rows: readonly ComparisonRowView[];
  /** Why there are no rows. */
  readonly unknown: readonly Message[];
  /** True when MACs and FLOPs are those of one assumed run, because the source does not show the layer's own. */
  readonly assumedRun: boolean;
}

export interface ComparisonRowView {
  readonly cell: CellKind;
  readonly sizing: SizingView;
  /** The layer as it is written. */
  readonly current: boolean;
  /** One for a layer; one for each recurrent layer of a model. */
  readonly hiddenSizes: readonly { readonly path: string; readonly size: number }[];
  readonly params: number;
  /** Of one step of one sequence; null where the whole model is compared. */
  readonly macsPerStep: number | null;
  readonly macs: number | null;
  readonly flops: number | null;
  readonly weightBytes: number | null;
  /** Against the layer as written; null where it cannot be known. */
  readonly percent: { readonly params: number; readonly flops: number | null };
  readonly byGate: readonly GateView[];
  /** Can the source be changed to this row, and if not, why. */
  readonly apply: ApplyView;
}

export interface GateView {
  readonly gate: string;
  readonly params: number;
}

export interface ApplyView {
  readonly possible: boolean;
  readonly reason?: Message;
}

/** What the sliders stand at. */
export interface WhatIfValues {
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly projSize: number;
  readonly seqLen: number;
  readonly batch: number;
  readonly numberType: NumberType;
}

export interface WhatIfView {
  readonly path: string;
  readonly cell: CellKind;
  /** As the source and the settings have it. */
  readonly written: WhatIfValues;
  readonly values: WhatIfValues;
  readonly can: { readonly numLayers: boolean; readonly bidirectional: boolean; readonly projSize: boolean };
  readonly before: WhatIfCosts;
  readonly after: WhatIfCosts;
  readonly curves: readonly CurveView[];
  readonly apply: ApplyView;
}

export interface WhatIfCosts {
  readonly params: Quantity;
  readonly macsPerStep: Quantity;
  readonly flops: Quantity;
  readonly weightBytes: Quantity;
  readonly activationBytes: Quantity;
  readonly modelParams: Quantity;
  readonly modelFlops: Quantity;
}

/** Parameters and forward FLOPs of one cell over a range of hidden sizes. */
export interface CurveView {
  readonly cell: CellKind;
  readonly points: readonly {
    readonly hidden: number;
    readonly params: number;
    readonly flops: number | null;
  }[];
}

export interface ExplainView {
  readonly path: string;
  readonly title: string;
  readonly formula: FormulaView | null;
  /** One equation a line; `_x` and `_{xy}` are subscripts. */
  readonly equations: readonly string[];
  readonly conventions: readonly Message[];
  readonly tensors: readonly { readonly name: string; readonly shape: string; readonly params: Quantity }[];
  readonly quantities: QuantitiesView;
}

/** Everything that is counted of a layer or a model, each apart. `depth` 1 is a part of the last row of depth 0, 2 of that of depth 1. */
export interface QuantitiesView {
  readonly params: readonly { readonly label: Message; readonly depth: number; readonly size: Quantity }[];
  readonly work: readonly WorkView[];
  /** Columns of `memory`. */
  readonly numberTypes: readonly NumberType[];
  readonly memory: readonly { readonly label: Message; readonly bytes: readonly Quantity[] }[];
  readonly conventions: readonly Message[];
}

/** One kind of work; null where there is no such number, as only recurrent layers have steps. */
export interface WorkView {
  readonly label: Message;
  readonly depth: number;
  readonly perStep: Quantity | null;
  readonly perSequence: Quantity | null;
  readonly perBatch: Quantity;
}

/** One sentence of the recommendation, and where its numbers can be seen. */
export interface SentenceView {
  readonly text: Message;
  readonly from:
    | { readonly type: 'page'; readonly section: 'layers' | 'compare' | 'what-if' | 'gradient' }
    | { readonly type: 'paper'; readonly title: string; readonly url: string };
}

/** The pinned model's numbers, frozen when it was pinned. */
export interface PinnedView {
  readonly title: string;
  readonly name: string;
  readonly framework: string;
  readonly workload: Workload;
  readonly totals: TotalsView;
  readonly layers: readonly LayerView[];
}

/** A change of the source, shown before it is made. */
export interface ProposalView {
  readonly id: number;
  readonly title: Message;
  readonly file: string;
  /** Lines count from 0. */
  readonly hunks: readonly {
    readonly line: number;
    readonly removed: readonly string[];
    readonly added: readonly string[];
  }[];
  readonly notes: readonly Message[];
}

/** What the user states about the job, for the recommendation. Null: not stated. */
export interface Goals {
  readonly maxParams: number | null;
  readonly trainingSequences: number | null;
  readonly target: 'any' | 'server' | 'mobile' | 'microcontroller';
}
