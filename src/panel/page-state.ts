import type {
  FlowView,
  PanelState,
  ProbeView,
  ProposalView,
  SavedPanel,
  SizingView,
  SourceMatchView,
  ToPage,
} from '../protocol/panel';

/** Everything the page draws from. */
export interface PageState {
  readonly started: boolean;
  readonly language: string;
  readonly state: PanelState | null;
  readonly cursor: string | null;
  readonly proposal: ProposalView | null;
  readonly flow: FlowView;
  readonly sourceMatch: SourceMatchView | null;
  readonly probe: ProbeView;
  readonly sizing: SizingView;
  readonly open: ReadonlySet<string>;
}

export type PageAction =
  | ToPage
  | { readonly type: 'set-sizing'; readonly sizing: SizingView }
  | { readonly type: 'toggle'; readonly id: string; readonly open: boolean };

const NO_FLOW: FlowView = {
  status: 'idle',
  reason: null,
  path: '',
  progress: null,
  setup: null,
  cases: [],
  advice: [],
  choices: { loss: 'last', start: null, series: null },
  trained: [],
};

const NO_PROBE: ProbeView = {
  status: 'idle',
  reason: null,
  task: 'adding',
  steps: 0,
  progress: null,
  baseline: null,
  curves: [],
};

export function firstState(saved: SavedPanel | undefined): PageState {
  return {
    started: false,
    language: 'en',
    state: null,
    cursor: null,
    proposal: null,
    flow: NO_FLOW,
    sourceMatch: null,
    probe: NO_PROBE,
    sizing: saved?.sizing ?? 'same-params',
    open: new Set(saved?.open ?? []),
  };
}

export function reduce(page: PageState, action: PageAction): PageState {
  switch (action.type) {
    case 'init':
      return { ...page, started: true, language: action.language };
    case 'state':
      return { ...page, state: action.state };
    case 'what-if': {
      const { state } = page;
      if (!state?.model || state.model.whatIf?.path !== action.whatIf.path) return page;
      return { ...page, state: { ...state, model: { ...state.model, whatIf: action.whatIf } } };
    }
    case 'proposal':
      return { ...page, proposal: action.proposal };
    case 'cursor':
      return { ...page, cursor: action.layer };
    case 'flow':
      return { ...page, flow: action.flow };
    case 'source-match':
      return { ...page, sourceMatch: action.match };
    case 'probe':
      return { ...page, probe: action.probe };
    case 'set-sizing':
      return { ...page, sizing: action.sizing };
    case 'toggle': {
      const open = new Set(page.open);
      if (action.open) open.add(action.id);
      else open.delete(action.id);
      return { ...page, open };
    }
  }
}
