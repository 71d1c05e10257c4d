import type { Disposable } from 'vscode';
import { probeSpec } from '../../engine/panel/probe-spec';
import type { GradientWorker } from '../../engine/gradient-client';
import { type ProbeResult, type ProbeTask, type Workload, message } from '../../model';
import type { ProbeView } from '../../protocol/panel';
import { CallFailed } from '../../protocol/rpc';

/** The learning probe of one panel: its curves grow as the cells learn, and it can be stopped at any time. */
export class ProbeRun implements Disposable {
  private control: AbortController | undefined;
  private state: ProbeView = IDLE;

  constructor(
    private readonly gradient: GradientWorker,
    private readonly changed: (view: ProbeView) => void,
  ) {}

  get view(): ProbeView {
    return this.state;
  }

  dispose(): void {
    this.control?.abort();
  }

  /** What was learnt so far stays on the page. */
  cancel(): void {
    this.control?.abort();
  }

  async run(task: ProbeTask, workload: Workload): Promise<void> {
    this.control?.abort();
    const control = new AbortController();
    this.control = control;
    const spec = probeSpec(task, workload);
    const show = (view: Partial<ProbeView>) => {
      if (this.control !== control) return;
      this.state = { ...this.state, ...view };
      this.changed(this.state);
    };
    show({ ...IDLE, status: 'running', task, steps: spec.steps });
    try {
      const result = await this.gradient.probe(spec, {
        signal: control.signal,
        onProgress: ({ done, total, millisecondsLeft, result }) => {
          if (control.signal.aborted) return;
          const secondsLeft = millisecondsLeft === undefined ? null : millisecondsLeft / 1000;
          show({ progress: { done, total, secondsLeft }, ...curvesOf(result) });
        },
      });
      show({ status: 'done', progress: null, ...curvesOf(result) });
    } catch (error) {
      const failure = error instanceof CallFailed ? error.failure : undefined;
      const reason = failure?.message ?? message('The calculation failed: {0}', String(error));
      show({ status: failure?.code === 'cancelled' ? 'cancelled' : 'failed', reason, progress: null });
    }
  }
}

/** A loss that ran off to infinity has no place in a chart, nor in JSON. */
function curvesOf({ baseline, curves }: ProbeResult): Pick<ProbeView, 'baseline' | 'curves'> {
  return {
    baseline,
    curves: curves.map((c) => ({ ...c, points: c.points.filter((p) => Number.isFinite(p.loss)) })),
  };
}

const IDLE: ProbeView = {
  status: 'idle',
  reason: null,
  task: 'adding',
  steps: 0,
  progress: null,
  baseline: null,
  curves: [],
};
