import type { AssumableValue, CellKind, FlowChoices, ProbeTask, Workload } from '../model';
import type { FlowView, ProbeView } from './panel-flow';
import type {
  Goals,
  PanelState,
  PinnedView,
  ProposalView,
  SourceMatchView,
  SizingView,
  WhatIfValues,
  WhatIfView,
} from './panel-state';

export * from './panel-flow';
export * from './panel-state';

/** Raised when a message or the saved state changes its meaning; a saved state of another version is dropped. */
export const PANEL_VERSION = 2;

/** What the page remembers over a reload of the window; VS Code hands it back to the host as well. */
export interface SavedPanel {
  readonly version: typeof PANEL_VERSION;
  readonly uri: string;
  readonly selection: Selection;
  readonly sizing: SizingView;
  /** Ids of the fold-outs that are open. */
  readonly open: readonly string[];
  readonly goals: Goals;
  /** Null while the sliders stand as written. */
  readonly whatIf: WhatIfValues | null;
  readonly pinned: PinnedView | null;
  /** How far the page is scrolled, in CSS pixels. */
  readonly scroll: number;
}

/** What of a file is looked at. */
export interface Selection {
  readonly model: string | null;
  /** A layer's path; `''` for the whole model; null for the first recurrent layer. */
  readonly layer: string | null;
}

/** From the extension to the page. */
export type ToPage =
  | {
      readonly type: 'init';
      readonly version: typeof PANEL_VERSION;
      /** BCP 47 tag of the language VS Code runs in. */
      readonly language: string;
      /** Translations by English template; empty for English. */
      readonly strings: Readonly<Record<string, string>>;
    }
  | { readonly type: 'state'; readonly state: PanelState }
  /** Only the what-if part of the state: the answer to a slider. */
  | { readonly type: 'what-if'; readonly whatIf: WhatIfView }
  /** A change that waits for the user's answer; null when there is none any more. */
  | { readonly type: 'proposal'; readonly proposal: ProposalView | null }
  /** The layer the editor's cursor stands in. */
  | { readonly type: 'cursor'; readonly layer: string | null }
  | { readonly type: 'flow'; readonly flow: FlowView }
  /** What source a saved model belongs to; null while that is not known. */
  | { readonly type: 'source-match'; readonly match: SourceMatchView | null }
  | { readonly type: 'probe'; readonly probe: ProbeView };

export type CopyFormat = 'markdown' | 'csv' | 'json';
export type ChartFormat = 'svg' | 'png';

/** What the user asks to put into the source. */
export type Change =
  | { readonly type: 'cell'; readonly cell: CellKind; readonly sizing: SizingView }
  | { readonly type: 'what-if' }
  | { readonly type: 'advice'; readonly id: string };

/** From the page to the extension. */
export type FromPage =
  /** The page is listening; sent once after each load. */
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly selection: Selection }
  | { readonly type: 'reveal'; readonly uri: string; readonly line: number; readonly character: number }
  /** A null value takes the assumption back. */
  | { readonly type: 'assume'; readonly name: string; readonly value: AssumableValue | null }
  | { readonly type: 'workload'; readonly workload: Workload }
  /** Null puts the sliders back. */
  | { readonly type: 'what-if'; readonly values: WhatIfValues | null }
  /** The other cells run at the hidden sizes of this sizing. */
  | { readonly type: 'run-flow'; readonly sizing: SizingView }
  | { readonly type: 'cancel-flow' }
  /** What the next run is about. */
  | { readonly type: 'choose-flow'; readonly choices: Pick<FlowChoices, 'loss' | 'start'> }
  /** Asks for a file and its column to feed in, or for noise again. */
  | { readonly type: 'choose-input'; readonly input: 'noise' | 'series' }
  | { readonly type: 'show-thresholds' }
  | { readonly type: 'run-probe'; readonly task: ProbeTask }
  | { readonly type: 'cancel-probe' }
  | { readonly type: 'apply'; readonly change: Change }
  /** What the user says to a proposal. */
  | { readonly type: 'answer'; readonly id: number; readonly accept: boolean }
  | { readonly type: 'copy'; readonly format: CopyFormat }
  | { readonly type: 'save'; readonly format: CopyFormat }
  /** `data` is the SVG text, or the PNG in base64. */
  | {
      readonly type: 'save-chart';
      readonly name: string;
      readonly format: ChartFormat;
      readonly data: string;
    }
  | { readonly type: 'pin'; readonly what: 'this' | 'revision' | 'none' }
  /** The page as it stands, without its controls, to be printed elsewhere: a webview cannot print. */
  | { readonly type: 'print'; readonly html: string }
  | { readonly type: 'goals'; readonly goals: Goals }
  | { readonly type: 'open-file' }
  /** Files that were dropped on the page. */
  | { readonly type: 'drop'; readonly uris: readonly string[] }
  /** An exception in the page, for the log. */
  | { readonly type: 'failed'; readonly message: string };
