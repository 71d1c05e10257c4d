import type { Disposable, LogOutputChannel } from 'vscode';
import type { Alternative, FlowThresholds } from '../../advice';
import { compareLayer } from '../../compare';
import type { ModelCost } from '../../cost/types';
import { flowSpecOf } from '../../engine/flow-spec';
import { ownRun } from '../../engine/own-run';
import { hasTrainedWeights } from '../../engine/trained-weights';
import type { GradientWorker } from '../../engine/gradient-client';
import { type FlowPlan, flowPlan } from '../../engine/panel/flow-plan';
import { type FlowViewInput, flowView } from '../../engine/panel/flow-view';
import {
  AS_WRITTEN,
  type FlowChoices,
  type FlowProfile,
  type Message,
  type RecurrentLayer,
  message,
} from '../../model';
import type { FlowView, ProgressView, SizingView } from '../../protocol/panel';
import { CallFailed } from '../../protocol/rpc';
import type { FlowWeights } from '../../readers/weights/flow-weights';

/** The gradient flow of one panel: runs the cases one after another, tells how far it is, can be cancelled. */
export class FlowRun implements Disposable {
  private control: AbortController | undefined;
  private state: FlowView = { ...IDLE, choices: { loss: 'last', start: null, series: null } };
  private alternatives: readonly Alternative[] = [];
  private choices_: FlowChoices = AS_WRITTEN;
  /** What the shown run was about. */
  private ranWith: FlowChoices = AS_WRITTEN;
  /** What was measured last, to be judged again when the thresholds change. */
  private measured: Omit<FlowViewInput, 'thresholds'> | undefined;
  /** Of the layer that was run, to tell whether it has changed since. */
  private key = '';
  private generation = 0;
  private loaded: { readonly layer: RecurrentLayer; readonly weights: Promise<FlowWeights> } | undefined;

  constructor(
    private readonly gradient: GradientWorker,
    private readonly log: LogOutputChannel,
    private readonly thresholds: () => FlowThresholds,
    private readonly changed: (view: FlowView) => void,
    /** Loads the weights that the file stores for a layer. */
    private readonly load: (layer: RecurrentLayer) => Promise<FlowWeights>,
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
    this.measured = undefined;
    this.show(IDLE);
  }

  get choices(): FlowChoices {
    return this.choices_;
  }

  /** What the next run is about; results of other choices are out of date. */
  choose(choices: Partial<FlowChoices>): void {
    this.choices_ = { ...this.choices_, ...choices };
    const { setup, status } = this.state;
    const stale =
      setup !== null && status !== 'running'
        ? { setup: { ...setup, stale: setup.stale || !same(this.choices, this.ranWith) } }
        : {};
    // What blocked the run may be what was just changed.
    this.show(status === 'blocked' ? IDLE : { ...this.state, ...stale });
  }

  /** The thresholds changed: the same measurements may get other verdicts. */
  judgeAgain(): void {
    const { setup, status } = this.state;
    if (!this.measured || !setup || status !== 'done') return;
    const view = flowView({ ...this.measured, thresholds: this.thresholds() });
    this.show({ ...view, setup: view.setup && { ...view.setup, stale: setup.stale } });
  }

  /** The saved model was written anew: what was measured of its weights is out of date. */
  fileChanged(): void {
    this.generation++;
  }

  /** Told after each reading of the file: results of another layer or of other sizes are out of date. */
  source(cost: ModelCost | undefined, layer: RecurrentLayer | undefined): void {
    const { setup, status } = this.state;
    // What was missing may be there now.
    if (status === 'blocked') this.show(IDLE);
    if (!setup || status === 'running' || !cost || !layer) return;
    const stale = this.key !== this.keyOf(cost, layer) || !same(this.choices, this.ranWith);
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
    this.measured = undefined;
    const { choices } = this;
    this.ranWith = choices;
    const control = new AbortController();
    this.control = control;
    const key = this.keyOf(cost, layer);
    this.show({ ...this.kept(layer.path), status: 'running' });
    const plan = planFor(cost, layer, sizing, choices, await this.trainedOf(layer));
    if (this.control !== control) return;
    if (control.signal.aborted) return this.show({ ...this.kept(layer.path), status: 'cancelled' });
    if ('blocked' in plan) {
      this.show({ ...IDLE, status: 'blocked', reason: plan.blocked, path: layer.path });
      return;
    }
    try {
      const profiles = await this.runAll(plan, control.signal, layer.path);
      if (this.control !== control) return;
      this.alternatives = plan.cases.flatMap((c) => c.alternative ?? []);
      this.key = key;
      this.measured = { plan, profiles, layer, canInsert };
      const view = flowView({ ...this.measured, thresholds: this.thresholds() });
      const stale = !same(this.choices, choices);
      this.show({ ...view, setup: view.setup && { ...view.setup, stale } });
    } catch (error) {
      if (this.control !== control) return;
      this.show({ ...this.kept(layer.path), ...this.ending(error) });
    } finally {
      if (this.control === control) this.control = undefined;
    }
  }

  /** Loaded once for each reading of the file. */
  private async trainedOf(layer: RecurrentLayer): Promise<FlowWeights | undefined> {
    if (!hasTrainedWeights(layer)) return undefined;
    if (this.loaded?.layer !== layer) this.loaded = { layer, weights: this.load(layer) };
    return this.loaded.weights;
  }

  /** What a layer's last run has shown stays until the next one has something to show: the page does not collapse meanwhile. */
  private kept(path: string): Omit<FlowView, 'choices'> {
    const { state } = this;
    const base = state.path === path && state.cases.length > 0 ? state : IDLE;
    return { ...base, path, reason: null, progress: null };
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
          this.show({ ...this.kept(path), status: 'running', progress: progressOf(done, total, started) });
        },
      });
      before += share;
      profiles.push(profile);
    }
    return profiles;
  }

  /** Two readings with the same key describe the same run. */
  private keyOf(cost: ModelCost, layer: RecurrentLayer): string {
    const layerCost = cost.layers.find((l) => l.layer === layer);
    // Which weights they are, the generation says.
    const trained = hasTrainedWeights(layer) ? [] : undefined;
    const spec = layerCost && flowSpecOf(layerCost, layer, cost.workload, undefined, trained);
    return spec ? `${this.generation} ${JSON.stringify(spec)}` : '';
  }

  private ending(error: unknown): { readonly status: FlowView['status']; readonly reason: Message } {
    if (error instanceof CallFailed) {
      const status = error.code === 'cancelled' ? 'cancelled' : 'failed';
      return { status, reason: error.failure.message };
    }
    this.log.error(error instanceof Error ? error : String(error));
    return { status: 'failed', reason: message('The calculation failed: {0}', String(error)) };
  }

  private show(view: Omit<FlowView, 'choices'>): void {
    const { loss, start, input } = this.choices;
    const series = input.kind === 'series' ? input.name : null;
    this.state = { ...view, choices: { loss, start, series } };
    this.changed(this.state);
  }
}

const IDLE: Omit<FlowView, 'choices'> = {
  status: 'idle',
  reason: null,
  path: '',
  progress: null,
  setup: null,
  cases: [],
  advice: [],
  trained: [],
};

function planFor(
  cost: ModelCost,
  layer: RecurrentLayer,
  sizing: SizingView,
  choices: FlowChoices,
  trained: FlowWeights | undefined,
): FlowPlan | { readonly blocked: Message } {
  const layerCost = cost.layers.find((l) => l.layer === layer);
  if (!layerCost) return { blocked: message('The layer is no longer in the file.') };
  const own = ownRun(layerCost, layer, cost.workload, trained);
  if ('blocked' in own) return own;
  return flowPlan(own, compareLayer(layer, cost.model, cost.workload), sizing, cost.workload, choices);
}

/** Time left from the speed so far, once there is some. */
function progressOf(done: number, total: number, started: number): ProgressView {
  const elapsed = (Date.now() - started) / 1000;
  const secondsLeft = done > 0 && elapsed > 0.5 ? (elapsed * (total - done)) / done : null;
  return { done, total, secondsLeft };
}

/** Whether two runs would be about the same. */
function same(a: FlowChoices, b: FlowChoices): boolean {
  const fed = a.input === b.input || (a.input.kind === 'noise' && b.input.kind === 'noise');
  return fed && a.loss === b.loss && JSON.stringify(a.start) === JSON.stringify(b.start);
}
