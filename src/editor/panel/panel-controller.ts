import {
  type Disposable,
  Uri,
  type ViewColumn,
  type WebviewPanel,
  commands,
  env,
  l10n,
  window,
  workspace,
} from 'vscode';
import type { Alternative } from '../../advice';
import type { ModelCost } from '../../cost/types';
import {
  type Change,
  type FlowView,
  type FromPage,
  PANEL_VERSION,
  type Selection,
  type SizingView,
} from '../../protocol/panel';
import { storeAssumption } from '../commands/assume-value';
import { SECTION } from '../ids';
import { isBinaryModel } from '../saved/analyse';
import { loadTrained } from '../saved/trained';
import { watchFile } from '../saved/watch';
import { FLOW_SECTION, affectsThresholds, flowThresholdsFor } from '../settings';
import { chooseSeries } from './choose-series';
import { CursorSync } from './cursor-sync';
import { copyText, saveChart, saveText } from './export';
import { FlowRun } from './flow-run';
import { openDropped } from './drop';
import { PageLink } from './page-link';
import type { PanelDeps } from './panels';
import { pinRevision, pinnedFrom } from './pin';
import { savePrintable } from './printable';
import { ProbeRun } from './probe-run';
import { Proposals } from './proposals';
import { revealPlace } from './reveal';
import { type PanelStart, ShownModel } from './shown-model';
import { type Prepared, SourceChanges } from './source-changes';
import { translations } from './translations';

/** One comparison panel: keeps the page in step with the file and does what the page asks for. */
export class PanelController implements Disposable {
  private readonly subscriptions: Disposable[] = [];
  private readonly shown: ShownModel;
  private readonly flow: FlowRun;
  private readonly probe: ProbeRun;
  private readonly cursor: CursorSync;
  private readonly changes: SourceChanges;
  private readonly proposals: Proposals;
  private readonly page: PageLink;

  constructor(
    private readonly panel: WebviewPanel,
    private readonly uri: Uri,
    private readonly deps: PanelDeps,
    start: PanelStart = {},
  ) {
    const { context, analyses, gradient, log } = deps;
    this.changes = new SourceChanges(analyses);
    this.shown = new ShownModel(uri, analyses, this.changes, start);
    this.flow = new FlowRun(
      gradient,
      log,
      () => flowThresholdsFor(uri),
      (flow) => this.flowChanged(flow.status),
      (layer) => loadTrained(uri, layer),
    );
    this.probe = new ProbeRun(gradient, (probe) => this.page.post({ type: 'probe', probe }));
    this.cursor = new CursorSync((layer) => this.page.post({ type: 'cursor', layer }));
    this.proposals = new Proposals(fileName(uri), (proposal) =>
      this.page.post({ type: 'proposal', proposal }),
    );
    const saved = isBinaryModel(uri);
    // A saved model's editor is named after the file by VS Code.
    if (!saved) panel.title = l10n.t('Compare: {0}', fileName(uri));
    panel.iconPath = Uri.joinPath(context.extensionUri, 'media', 'icon.png');
    this.page = new PageLink(panel.webview, context.extensionUri, log, (request) => this.handle(request));
    this.subscriptions.push(
      this.page,
      this.flow,
      this.probe,
      this.cursor,
      workspace.onDidChangeConfiguration((event) => {
        if (affectsThresholds(event)) this.flow.judgeAgain();
      }),
      analyses.onDidChange((changed) => {
        if (!changed || changed.toString() === this.shown.source.toString()) void this.refresh();
      }),
    );
    // A source that comes or changes may be that of the saved model.
    this.subscriptions.push(
      deps.sources.onDidChange(() => {
        const { cost } = this.shown.current ?? {};
        if (cost?.model.form === 'saved') void this.matchSource(cost);
      }),
    );
    // There is no document to tell of changes.
    if (saved) this.subscriptions.push(watchFile(uri, () => this.fileChanged()));
  }

  dispose(): void {
    this.subscriptions.forEach((s) => s.dispose());
  }

  /** The column of editors that the panel stands in. */
  get column(): ViewColumn | undefined {
    return this.panel.viewColumn;
  }

  /** Brings the panel to the front, at another model or layer where one is named. */
  reveal(selection?: Selection, line?: number): void {
    this.panel.reveal();
    if (selection) this.select(selection, line);
  }

  /** Runs the gradient flow for the layer that is compared; says on the page, and to the caller, how it ended. */
  async runFlow(sizing: SizingView = 'same-params'): Promise<FlowView> {
    if (!this.shown.current) await this.refresh();
    const { compared } = this.shown;
    if (!compared) return this.flow.view;
    const { cost, layer, view } = compared;
    const canInsert = (alternative: Alternative) =>
      view !== undefined && this.changes.canTake(view, layer, alternative);
    await this.flow.run(cost, layer, sizing, canInsert);
    return this.flow.view;
  }

  /** Asks for a file and a column to feed in; dismissing the question leaves the input as it is. */
  async chooseInput(kind: 'noise' | 'series' = 'series'): Promise<void> {
    const input = kind === 'noise' ? { kind } : await chooseSeries(this.uri);
    if (input) this.flow.choose({ input });
  }

  private async handle(request: FromPage): Promise<unknown> {
    const { current } = this.shown;
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
        await settings.update('sequenceLengths', request.workload.lengths);
        return settings.update('numberType', request.workload.numberType);
      }
      case 'what-if': {
        const whatIf = await this.shown.setWhatIf(request.values);
        return whatIf && this.page.post({ type: 'what-if', whatIf });
      }
      case 'run-flow':
        return this.runFlow(request.sizing);
      case 'cancel-flow':
        return this.flow.cancel();
      case 'choose-flow':
        return this.flow.choose(request.choices);
      case 'choose-input':
        return this.chooseInput(request.input);
      case 'show-thresholds':
        return void (await commands.executeCommand('workbench.action.openSettings', FLOW_SECTION));
      case 'run-probe': {
        const workload = current?.cost?.workload;
        return workload && this.probe.run(request.task, workload);
      }
      case 'cancel-probe':
        return this.probe.cancel();
      case 'apply':
        return this.apply(request.change);
      case 'answer':
        return this.proposals.answer(request.id, request.accept);
      case 'copy':
        return current && copyText(current.state, this.flow.view, request.format);
      case 'save':
        return current && saveText(current.state, this.flow.view, request.format, this.uri);
      case 'save-chart':
        return saveChart(request, this.uri);
      case 'print':
        return savePrintable(request.html, this.uri, this.deps.context.extensionUri);
      case 'pin':
        return this.pin(request.what);
      case 'goals':
        this.shown.pursue(request.goals);
        return this.refresh();
      case 'open-file':
        return window.showTextDocument(this.uri);
      case 'drop':
        return openDropped(request.uris);
      case 'failed':
        return this.deps.log.warn(`panel page: ${request.message}`);
    }
  }

  /** After each load of the page: VS Code unloads it while it is hidden. */
  private async start(): Promise<void> {
    this.page.post({
      type: 'init',
      version: PANEL_VERSION,
      language: env.language,
      strings: translations(),
    });
    await this.refresh();
    this.page.post({ type: 'flow', flow: this.flow.view });
    this.page.post({ type: 'probe', probe: this.probe.view });
    this.cursor.tell();
    this.proposals.tell();
  }

  private select(selection: Selection, line?: number): void {
    const before = this.shown.current?.layer?.path;
    this.shown.select(selection, line);
    void this.refresh().then(() => {
      if (this.shown.current?.layer?.path !== before) this.flow.forget();
    });
  }

  private async refresh(): Promise<void> {
    const current = await this.shown.read(this.flow.view);
    if (!current) return;
    const { view, cost, layer, state } = current;
    this.flow.source(cost, layer);
    if (view) this.cursor.follow(view, cost);
    this.page.post({ type: 'state', state });
    if (cost?.model.form === 'saved') void this.matchSource(cost);
  }

  /** Says whether the workspace has the source of what was saved; the page does not wait for it. */
  private async matchSource(cost: ModelCost): Promise<void> {
    const match = await this.deps.sources.find(cost);
    if (cost === this.shown.current?.cost) this.page.post({ type: 'source-match', match: match ?? null });
  }

  private async assume(name: string, value: Parameters<typeof storeAssumption>[2] | null): Promise<void> {
    const model = this.shown.current?.cost?.model.name;
    const keys = model === undefined ? [name] : [`${model}.${name}`, name];
    if (value !== null) return storeAssumption(this.uri, keys[0] ?? name, value);
    for (const key of keys) await storeAssumption(this.uri, key, undefined);
  }

  private async apply(change: Change): Promise<void> {
    const prepared = await this.prepare(change);
    if (!prepared) return;
    this.proposals.offer(prepared, () => {
      if (change.type === 'what-if') this.shown.forgetWhatIf();
    });
  }

  /** The change of the source that is asked for; undefined where it is no longer on the page. */
  private async prepare(change: Change): Promise<Prepared | undefined> {
    const { compared, current, whatIf } = this.shown;
    if (!compared?.view) return undefined;
    const { view, cost, layer } = compared;
    switch (change.type) {
      case 'cell': {
        const row = current?.state.model?.comparison?.rows.find(
          (r) => r.cell === change.cell && r.sizing === change.sizing && !r.current,
        );
        const hiddenSize = row?.hiddenSizes[0]?.size;
        if (hiddenSize === undefined) return undefined;
        return this.changes.convert(view, cost, layer, { to: change.cell, hiddenSize });
      }
      case 'what-if':
        return whatIf ? this.changes.setValues(view, cost, layer, whatIf) : undefined;
      case 'advice': {
        const alternative = this.flow.alternative(change.id);
        return alternative && this.changes.take(view, cost, layer, alternative);
      }
    }
  }

  private async pin(what: 'this' | 'revision' | 'none'): Promise<void> {
    const model = this.shown.current?.state.model;
    if (what === 'none') this.shown.pin(null);
    else if (!model) return;
    else if (what === 'this') this.shown.pin(pinnedFrom(model, fileName(this.uri)));
    else {
      const pinned = await pinRevision(this.shown.source, model);
      if (!pinned) return;
      this.shown.pin(pinned);
    }
    await this.refresh();
  }

  private fileChanged(): void {
    this.flow.fileChanged();
    void this.refresh();
  }

  private flowChanged(status: string): void {
    this.page.post({ type: 'flow', flow: this.flow.view });
    // A finished run gives the recommendation its horizons.
    if (status === 'done') void this.refresh();
  }
}

function fileName(uri: Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
