import type { Disposable, LogOutputChannel } from 'vscode';
import type { Alternative } from '../../advice';
import { compareLayer } from '../../compare';
import type { ModelCost } from '../../cost/types';
import { flowSpecOf } from '../../engine/flow-spec';
import type { GradientWorker } from '../../engine/gradient-client';
import { type FlowPlan, flowPlan } from '../../engine/panel/flow-plan';
import { flowView } from '../../engine/panel/flow-view';
import { type FlowProfile, type Message, type RecurrentLayer, message } from '../../model';
import type { FlowView, ProgressView, SizingView } from '../../protocol/panel';
import { CallFailed } from '../../protocol/rpc';

/** The gradient flow of one panel: runs the cases one after another, tells how far it is, can be cancelled. */
export class FlowRun implements Disposable {
  private control: AbortController | undefined;
  private state: FlowView = IDLE;
  private alternatives: readonly Alternative[] = [];
  /** Of the layer that was run, to tell whether it has changed since. */
  private key = '';

  constructor(
    private readonly gradient: GradientWorker,
    private readonly log: LogOutputChannel,
    private readonly changed: (view: FlowView) => void,
  ) {}

  get view(): FlowView {
    return this.state;
  }

  dispose(): void {
    this.control?.abort();
  }

  cancel(): void {
    this.control?.abort();
  }

  /** Drops what was measured: another layer is looked at. */
  forget(): void {
    this.control?.abort();
    this.show(IDLE);
  }

  /** Told after each reading of the file: results of another layer or of other sizes are out of date. */
  source(cost: ModelCost | undefined, layer: RecurrentLayer | undefined): void {
    const { setup, status } = this.state;
    if (!setup || status === 'running' || !cost || !layer) return;
    const stale = this.key !== keyOf(cost, layer);
    if (stale !== setup.stale) this.show({ ...this.state, setup: { ...setup, stale } });
  }

  /** What the shown advice is about. */
  alternative(id: string): Alternative | undefined {
    return this.alternatives.find((a) => a.id === id);
  }

  async run(
    cost: ModelCost,
    layer: RecurrentLayer,
    sizing: SizingView,
    canInsert: (alternative: Alternative) => boolean,
  ): Promise<void> {
    this.control?.abort();
    const plan = planFor(cost, layer, sizing);
    if ('blocked' in plan) {
      this.show({ ...IDLE, status: 'blocked', reason: plan.blocked, path: layer.path });
      return;
    }
    const control = new AbortController();
    this.control = control;
    this.key = keyOf(cost, layer);
    this.show({ ...IDLE, status: 'running', path: layer.path });
    try {
      const profiles = await this.runAll(plan, control.signal, layer.path);
      if (this.control !== control) return;
      this.alternatives = plan.cases.flatMap((c) => c.alternative ?? []);
      this.show(flowView({ plan, profiles, layer, canInsert }));
    } catch (error) {
      if (this.control !== control) return;
      this.show({ ...IDLE, ...this.ending(error), path: layer.path });
    } finally {
      if (this.control === control) this.control = undefined;
    }
  }

  private async runAll(plan: FlowPlan, signal: AbortSignal, path: string): Promise<readonly FlowProfile[]> {
    const profiles: FlowProfile[] = [];
    const total = plan.cases.reduce((sum, c) => sum + c.spec.steps * c.spec.seeds.length, 0);
    const started = Date.now();
    let before = 0;
    for (const { spec } of plan.cases) {
      const share = spec.steps * spec.seeds.length;
      const profile = await this.gradient.run(spec, {
        signal,
        onProgress: ({ stepsDone, stepsTotal }) => {
          if (signal.aborted) return;
          const done = Math.round(before + (share * stepsDone) / Math.max(stepsTotal, 1));
          this.show({ ...IDLE, status: 'running', path, progress: progressOf(done, total, started) });
        },
      });
      before += share;
      profiles.push(profile);
    }
    return profiles;
  }

  private ending(error: unknown): { readonly status: FlowView['status']; readonly reason: Message } {
    if (error instanceof CallFailed) {
      const status = error.code === 'cancelled' ? 'cancelled' : 'failed';
      return { status, reason: error.failure.message };
    }
    this.log.error(error instanceof Error ? error : String(error));
    return { status: 'failed', reason: message('The calculation failed: {0}', String(error)) };
  }

  private show(view: FlowView): void {
    this.state = view;
    this.changed(view);
  }
}

const IDLE: FlowView = {
  status: 'idle',
  reason: null,
  path: '',
  progress: null,
  setup: null,
  cases: [],
  advice: [],
};

function planFor(
  cost: ModelCost,
  layer: RecurrentLayer,
  sizing: SizingView,
): FlowPlan | { readonly blocked: Message } {
  const layerCost = cost.layers.find((l) => l.layer === layer);
  if (!layerCost) return { blocked: message('The layer is no longer in the file.') };
  const own = flowSpecOf(layerCost, layer, cost.workload);
  if ('blocked' in own) return own;
  return flowPlan(own.spec, compareLayer(layer, cost.model, cost.workload), sizing, cost.workload);
}

/** Two readings with the same key describe the same run. */
function keyOf(cost: ModelCost, layer: RecurrentLayer): string {
  const layerCost = cost.layers.find((l) => l.layer === layer);
  return layerCost ? JSON.stringify(flowSpecOf(layerCost, layer, cost.workload)) : '';
}

/** Time left from the speed so far, once there is some. */
function progressOf(done: number, total: number, started: number): ProgressView {
  const elapsed = (Date.now() - started) / 1000;
  const secondsLeft = done > 0 && elapsed > 0.5 ? (elapsed * (total - done)) / done : null;
  return { done, total, secondsLeft };
}
