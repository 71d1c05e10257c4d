import {
  type Disposable,
  Uri,
  type ViewColumn,
  type WebviewPanel,
  env,
  l10n,
  window,
  workspace,
} from 'vscode';
import type { Alternative } from '../../advice';
import { compareModel } from '../../compare';
import type { ModelComparisonRow } from '../../compare/types';
import type { ModelCost } from '../../cost/types';
import type { Analysis } from '../../engine/analyse';
import { type PanelInput, chosenLayer, chosenModel, panelState } from '../../engine/panel/state';
import { modelNames } from '../../engine/panel/models';
import { type WhatIfInputs, whatIfView } from '../../engine/panel/what-if';
import { type RecurrentLayer, cellOf } from '../../model';
import {
  type ApplyView,
  type Change,
  type FromPage,
  type Goals,
  PANEL_VERSION,
  type PanelState,
  type PinnedView,
  type Selection,
  type SizingView,
  type ToPage,
  type WhatIfValues,
} from '../../protocol/panel';
import { checkFromPage } from '../../protocol/panel-check';
import type { DocumentView } from '../document-view';
import { storeAssumption } from '../commands/assume-value';
import { SECTION } from '../ids';
import { CursorSync } from './cursor-sync';
import { copyText, saveChart, saveText } from './export';
import { FlowRun } from './flow-run';
import { panelHtml } from './html';
import { isBinaryModel } from '../saved/analyse';
import { watchFile } from '../saved/watch';
import type { PanelDeps } from './panels';
import { pinRevision, pinnedFrom } from './pin';
import { placesIn } from './places';
import { readModel } from './read-model';
import { ProbeRun } from './probe-run';
import { Proposals } from './proposals';
import { revealPlace } from './reveal';
import { SourceChanges } from './source-changes';
import { translations } from './translations';

const NO_GOALS: Goals = { maxParams: null, trainingSequences: null, target: 'any' };

/** What is looked at right now. */
interface Current {
  /** Absent for a saved model. */
  readonly view: DocumentView | undefined;
  readonly state: PanelState;
  readonly cost: ModelCost | undefined;
  readonly layer: RecurrentLayer | undefined;
}

/** One comparison panel: keeps the page in step with the file and does what the page asks for. */
export class PanelController implements Disposable {
  private readonly subscriptions: Disposable[] = [];
  private readonly flow: FlowRun;
  private readonly probe: ProbeRun;
  private readonly cursor: CursorSync;
  private readonly changes: SourceChanges;
  private readonly proposals: Proposals;
  private selection: Selection;
  private goals = NO_GOALS;
  private pinned: PinnedView | null = null;
  private whatIf: WhatIfValues | null = null;
  private current: Current | undefined;
  /** Counts refreshes: only the latest may speak. */
  private latest = 0;
  private disposed = false;
  /** There is no document: the file itself is watched. */
  private readonly saved: boolean;
  private readonly wholeRows = new WeakMap<ModelCost, readonly ModelComparisonRow[]>();

  constructor(
    private readonly panel: WebviewPanel,
    private readonly uri: Uri,
    private readonly deps: PanelDeps,
    selection: Selection = { model: null, layer: null },
    private line?: number,
  ) {
    this.selection = selection;
    this.saved = isBinaryModel(uri);
    const { webview } = panel;
    const { context, analyses, gradient, log } = deps;
    this.flow = new FlowRun(gradient, log, (flow) => this.flowChanged(flow.status));
    this.probe = new ProbeRun(gradient, (probe) => this.post({ type: 'probe', probe }));
    this.cursor = new CursorSync((layer) => this.post({ type: 'cursor', layer }));
    this.changes = new SourceChanges(analyses);
    this.proposals = new Proposals(fileName(uri), (proposal) => this.post({ type: 'proposal', proposal }));
    // A saved model's editor is named after the file by VS Code.
    if (!this.saved) panel.title = l10n.t('Compare: {0}', fileName(uri));
    panel.iconPath = Uri.joinPath(context.extensionUri, 'media', 'icon.png');
    webview.options = {
      enableScripts: true,
      localResourceRoots: [
        Uri.joinPath(context.extensionUri, 'dist'),
        Uri.joinPath(context.extensionUri, 'media'),
      ],
    };
    this.subscriptions.push(
      this.flow,
      this.probe,
      this.cursor,
      webview.onDidReceiveMessage((value: unknown) => this.receive(value)),
      analyses.onDidChange((changed) => {
        if (!changed || changed.toString() === this.sourceUri().toString()) void this.refresh();
      }),
    );
    if (this.saved) this.subscriptions.push(watchFile(uri, () => void this.refresh()));
    webview.html = panelHtml(webview, context.extensionUri, env.language);
  }

  dispose(): void {
    this.disposed = true;
    this.subscriptions.forEach((s) => s.dispose());
  }

  /** The column of editors that the panel stands in. */
  get column(): ViewColumn | undefined {
    return this.panel.viewColumn;
  }

  /** Brings the panel to the front, at another model or layer where one is named. */
  reveal(selection?: Selection, line?: number): void {
    this.panel.reveal();
    if (!selection) return;
    this.line = line;
    this.select(selection);
  }

  /** Runs the gradient flow for the layer that is compared; tells the page why, where it cannot. */
  async runFlow(sizing: SizingView = 'same-params'): Promise<void> {
    if (!this.current) await this.refresh();
    const { current } = this;
    if (!current?.cost || !current.layer) return;
    const { cost, layer, view } = current;
    const canInsert = ({ spec }: Alternative) =>
      view !== undefined &&
      spec.cell === cellOf(layer.kind) &&
      this.changes.canInitialise(view, layer, spec.initialiser);
    await this.flow.run(cost, layer, sizing, canInsert);
  }

  private post(message: ToPage): void {
    if (!this.disposed) void this.panel.webview.postMessage(message);
  }

  private receive(value: unknown): void {
    const result = checkFromPage(value);
    if (!result.ok) {
      this.deps.log.warn(`panel: refused from the page: ${result.wrong}`);
      return;
    }
    this.handle(result.value).catch((error: unknown) => {
      this.deps.log.error(error instanceof Error ? error : String(error));
      const text = error instanceof Error ? error.message : String(error);
      void window.showErrorMessage(l10n.t('RNN Lens: {0}', text));
    });
  }

  private async handle(request: FromPage): Promise<void> {
    switch (request.type) {
      case 'ready':
        return this.start();
      case 'select':
        return this.select(request.selection);
      case 'reveal':
        return revealPlace(request);
      case 'assume':
        return this.assume(request.name, request.value);
      case 'workload': {
        const settings = workspace.getConfiguration(SECTION, this.uri);
        await settings.update('sequenceLength', request.workload.seqLen);
        await settings.update('batchSize', request.workload.batch);
        return settings.update('numberType', request.workload.numberType);
      }
      case 'what-if':
        return this.setWhatIf(request.values);
      case 'run-flow':
        return this.runFlow(request.sizing);
      case 'cancel-flow':
        return this.flow.cancel();
      case 'run-probe': {
        const workload = this.current?.cost?.workload;
        return workload && this.probe.run(request.task, workload);
      }
      case 'cancel-probe':
        return this.probe.cancel();
      case 'apply':
        return this.apply(request.change);
      case 'answer':
        return this.proposals.answer(request.id, request.accept);
      case 'copy':
        return this.current && copyText(this.current.state, this.flow.view, request.format);
      case 'save':
        return this.current && saveText(this.current.state, this.flow.view, request.format, this.uri);
      case 'save-chart':
        return saveChart(request, this.uri);
      case 'pin':
        return this.pin(request.what);
      case 'goals':
        this.goals = request.goals;
        return this.refresh();
      case 'open-file':
        return void (await window.showTextDocument(this.uri));
      case 'failed':
        return this.deps.log.warn(`panel page: ${request.message}`);
    }
  }

  /** After each load of the page: VS Code unloads it while it is hidden. */
  private async start(): Promise<void> {
    this.post({
      type: 'init',
      version: PANEL_VERSION,
      language: env.language,
      strings: translations(),
    });
    await this.refresh();
    this.post({ type: 'flow', flow: this.flow.view });
    this.post({ type: 'probe', probe: this.probe.view });
    this.cursor.tell();
    this.proposals.tell();
  }

  private select(selection: Selection): void {
    const before = this.current?.layer?.path;
    this.selection = selection;
    this.whatIf = null;
    void this.refresh().then(() => {
      if (this.current?.layer?.path !== before) this.flow.forget();
    });
  }

  /** Reads the file again (from the shared cache) and shows what came out. */
  private async refresh(): Promise<void> {
    const turn = ++this.latest;
    const over = () => turn !== this.latest || this.disposed;
    const read = await readModel(this.uri, this.deps.analyses);
    if (over() || !read) return;
    if ('failed' in read) {
      this.current = undefined;
      this.post({ type: 'state', state: panelState({ ...this.common(), error: read.failed }) });
      return;
    }
    const { analysis, view } = read;
    this.resolveLine(analysis);
    const { cost, layer } = this.chosen(analysis);
    const whatIf = this.whatIf && cost && layer ? await this.tryValues(view, cost, layer, this.whatIf) : null;
    const placeOf = view ? await placesIn(view, this.deps.analyses) : () => null;
    if (over()) return;
    this.flow.source(cost, layer);
    const state = panelState({
      ...this.common(),
      analysis,
      whatIf,
      placeOf,
      canApply: (row) => (view ? this.changes.canConvert(view, row) : NOT_FROM_HERE),
      wholeModel: (model) => this.wholeModel(analysis, model),
    });
    this.current = { view, state, cost, layer };
    if (view) this.cursor.follow(view, cost);
    this.post({ type: 'state', state });
  }

  private chosen({ models }: Analysis) {
    const names = modelNames(models.map((m) => m.model));
    const chosen = chosenModel(models, names, this.selection);
    return { cost: chosen?.cost, layer: chosen && chosenLayer(chosen.cost, this.selection) };
  }

  /** A command names a model by its class and line; the page by its unique name. */
  private resolveLine({ models }: Analysis): void {
    const { line } = this;
    this.line = undefined;
    if (line === undefined) return;
    const names = modelNames(models.map((m) => m.model));
    const index = models.findIndex(
      ({ model }) => model.name === this.selection.model && model.source.range?.start.line === line,
    );
    if (index >= 0) this.selection = { ...this.selection, model: names[index] ?? null };
  }

  /** What the state is made of whatever was read. */
  private common(): PanelInput {
    return {
      file: {
        uri: this.uri.toString(),
        name: workspace.asRelativePath(this.uri, false),
        saved: this.saved,
      },
      analysis: undefined,
      selection: this.selection,
      whatIf: null,
      flow: this.flow.view,
      goals: this.goals,
      pinned: this.pinned,
      placeOf: () => null,
      canApply: () => NOT_FROM_HERE,
    };
  }

  private tryValues(
    view: DocumentView | undefined,
    cost: ModelCost,
    layer: RecurrentLayer,
    values: WhatIfValues,
  ): Promise<WhatIfInputs> {
    if (view) return this.changes.tryValues(view, cost, layer, values);
    return Promise.resolve({ values, changed: undefined, apply: NOT_FROM_HERE });
  }

  /** Reading the source again for every size takes a while, so the rows are kept with the costs they belong to. */
  private wholeModel(analysis: Analysis, cost: ModelCost): readonly ModelComparisonRow[] {
    const known = this.wholeRows.get(cost);
    if (known) return known;
    const rows = compareModel(cost.model, cost.workload, analysis.resize?.(cost.model));
    this.wholeRows.set(cost, rows);
    return rows;
  }

  /** Answers a slider at once: only the what-if part is computed and sent. */
  private async setWhatIf(values: WhatIfValues | null): Promise<void> {
    this.whatIf = values;
    const { current } = this;
    if (!current?.cost || !current.layer || !current.state.model) return;
    const { cost, layer, view } = current;
    const inputs: WhatIfInputs | null = values && (await this.tryValues(view, cost, layer, values));
    if (this.whatIf !== values || this.current !== current) return;
    const whatIf = whatIfView({ layer, model: cost, whatIf: inputs });
    this.current = { ...current, state: { ...current.state, model: { ...current.state.model, whatIf } } };
    if (whatIf) this.post({ type: 'what-if', whatIf });
  }

  private async assume(name: string, value: Parameters<typeof storeAssumption>[2] | null): Promise<void> {
    const model = this.current?.cost?.model.name;
    const keys = model === undefined ? [name] : [`${model}.${name}`, name];
    if (value !== null) return storeAssumption(this.uri, keys[0] ?? name, value);
    for (const key of keys) await storeAssumption(this.uri, key, undefined);
  }

  private async apply(change: Change): Promise<void> {
    const { current } = this;
    if (!current?.cost || !current.layer || !current.view) return;
    const { view, cost, layer, state } = current;
    switch (change.type) {
      case 'cell': {
        const row = state.model?.comparison?.rows.find(
          (r) => r.cell === change.cell && r.sizing === change.sizing && !r.current,
        );
        const hiddenSize = row?.hiddenSizes[0]?.size;
        if (hiddenSize === undefined) return;
        return this.proposals.offer(
          await this.changes.convert(view, cost, layer, { to: change.cell, hiddenSize }),
        );
      }
      case 'what-if': {
        if (!this.whatIf) return;
        const prepared = await this.changes.setValues(view, cost, layer, this.whatIf);
        return this.proposals.offer(prepared, () => {
          this.whatIf = null;
        });
      }
      case 'advice': {
        const alternative = this.flow.alternative(change.id);
        if (!alternative) return;
        const { initialiser } = alternative.spec;
        return this.proposals.offer(await this.changes.initialise(view, cost, layer, initialiser));
      }
    }
  }

  private async pin(what: 'this' | 'revision' | 'none'): Promise<void> {
    if (what === 'none') this.pinned = null;
    else if (!this.current?.state.model) return;
    else if (what === 'this') this.pinned = pinnedFrom(this.current.state.model, fileName(this.uri));
    else
      this.pinned =
        (await pinRevision(this.uri, this.current.state.model, this.deps.analyses)) ?? this.pinned;
    await this.refresh();
  }

  private flowChanged(status: string): void {
    this.post({ type: 'flow', flow: this.flow.view });
    // A finished run gives the recommendation its horizons.
    if (status === 'done') void this.refresh();
  }

  private sourceUri(): Uri {
    return this.current?.view ? this.deps.analyses.uriOf(this.current.view.document) : this.uri;
  }
}

/** Nobody expects to change a saved model from here, so no reason is given. */
const NOT_FROM_HERE: ApplyView = { possible: false };

function fileName(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
