import type { ModelView, PanelState } from '../protocol/panel';
import { Compare } from './compare';
import { Decision } from './decision';
import { Flow } from './flow';
import { Header } from './header';
import { Layers } from './layers';
import type { PageState } from './page-state';
import { Pinned } from './pinned';
import { Probe } from './probe';
import { Problems } from './problems';
import { Proposal } from './proposal';
import { SourceMatch } from './source-match';
import { Totals } from './totals';
import { WhatIf } from './what-if';

/** The page of one model: what it is, what else it could be, what if it changed, whether it will learn. */
export function ModelPage(props: { page: PageState; state: PanelState; model: ModelView }) {
  const { page, state, model } = props;
  return (
    <main aria-busy={state.phase === 'loading'}>
      <Header state={state} model={model} />
      {page.sourceMatch && <SourceMatch match={page.sourceMatch} />}
      <Problems problems={state.problems} />
      <Totals model={model} />
      {state.pinned && <Pinned pinned={state.pinned} model={model} />}
      <Layers model={model} cursor={page.cursor} saved={state.file.saved} />
      <Compare model={model} sizing={page.sizing} flow={page.flow} />
      {model.whatIf && <WhatIf whatIf={model.whatIf} saved={state.file.saved} />}
      <Flow
        flow={page.flow}
        sizing={page.sizing}
        cell={model.comparison?.rows.find((r) => r.current)?.cell}
        steps={model.workload.seqLen}
        saved={state.file.saved}
      />
      {model.comparison && <Probe probe={page.probe} seqLen={model.workload.seqLen} />}
      {page.proposal && <Proposal key={page.proposal.id} proposal={page.proposal} />}
      <Decision sentences={model.decision} goals={state.goals} />
    </main>
  );
}
