import { type Uri, workspace } from 'vscode';
import { compareModel } from '../../compare';
import type { ModelComparisonRow } from '../../compare/types';
import type { ModelCost } from '../../cost/types';
import type { Analysis } from '../../engine/analyse';
import { modelNames } from '../../engine/panel/models';
import { type PanelInput, chosenLayer, chosenModel, panelState } from '../../engine/panel/state';
import { type WhatIfInputs, whatIfView } from '../../engine/panel/what-if';
import type { RecurrentLayer } from '../../model';
import type {
  ApplyView,
  FlowView,
  Goals,
  PanelState,
  PinnedView,
  SavedPanel,
  Selection,
  WhatIfValues,
  WhatIfView,
} from '../../protocol/panel';
import type { DocumentAnalyses } from '../document-analyses';
import type { DocumentView } from '../document-view';
import { isBinaryModel } from '../saved/analyse';
import { placesIn } from './places';
import { readModel } from './read-model';
import type { SourceChanges } from './source-changes';

/** What was read last. */
export interface Current {
  /** Absent for a saved model. */
  readonly view: DocumentView | undefined;
  readonly state: PanelState;
  readonly cost: ModelCost | undefined;
  readonly layer: RecurrentLayer | undefined;
}

/** Where a panel starts: at a model that a command names, or where the page was before a reload. */
export interface PanelStart {
  readonly selection?: Selection | undefined;
  readonly line?: number | undefined;
  readonly saved?: SavedPanel | undefined;
}

/** A layer that is compared, in the model that holds it. */
export interface Compared {
  readonly view: DocumentView | undefined;
  readonly cost: ModelCost;
  readonly layer: RecurrentLayer;
}

/** The file of one panel as the user looks at it: which model and layer, which sliders and goals, what is pinned. */
export class ShownModel {
  private choice: Selection;
  private line: number | undefined;
  private goals: Goals;
  private kept: PinnedView | null;
  private values: WhatIfValues | null;
  private last: Current | undefined;
  /** Counts readings: only the latest may speak. */
  private latest = 0;
  private readonly wholeRows = new WeakMap<ModelCost, readonly ModelComparisonRow[]>();

  constructor(
    private readonly uri: Uri,
    private readonly analyses: DocumentAnalyses,
    private readonly changes: SourceChanges,
    { selection, line, saved }: PanelStart,
  ) {
    this.line = line;
    this.choice = selection ?? saved?.selection ?? { model: null, layer: null };
    this.goals = saved?.goals ?? NO_GOALS;
    this.kept = saved?.pinned ?? null;
    this.values = saved?.whatIf ?? null;
  }

  get current(): Current | undefined {
    return this.last;
  }

  /** What is compared now; undefined while there is nothing to compare. */
  get compared(): Compared | undefined {
    const { view, cost, layer } = this.last ?? {};
    return cost && layer && { view, cost, layer };
  }

  get whatIf(): WhatIfValues | null {
    return this.values;
  }

  /** The document that is shown, or the notebook that it is a cell of. */
  get source(): Uri {
    return this.last?.view ? this.analyses.uriOf(this.last.view.document) : this.uri;
  }

  /** Looks at another model or layer from the next reading on; the sliders were about the one before. */
  select(selection: Selection, line?: number): void {
    this.choice = selection;
    this.line = line;
    this.values = null;
  }

  pursue(goals: Goals): void {
    this.goals = goals;
  }

  pin(pinned: PinnedView | null): void {
    this.kept = pinned;
  }

  /** Puts the sliders back where the source has them. */
  forgetWhatIf(): void {
    this.values = null;
  }

  /** Reads the file (from the shared cache). Undefined when a later reading has taken over. */
  async read(flow: FlowView): Promise<Current | undefined> {
    const turn = ++this.latest;
    const read = await readModel(this.uri, this.analyses);
    if (turn !== this.latest || !read) return undefined;
    if ('failed' in read) {
      const state = panelState({ ...this.common(flow), error: read.failed });
      return (this.last = { view: undefined, state, cost: undefined, layer: undefined });
    }
    const { analysis, view } = read;
    this.resolveLine(analysis);
    const { cost, layer } = this.chosen(analysis);
    const whatIf = this.values && cost && layer ? await this.tryValues(view, cost, layer, this.values) : null;
    const placeOf = view ? await placesIn(view, this.analyses) : () => null;
    if (turn !== this.latest) return undefined;
    const state = panelState({
      ...this.common(flow),
      analysis,
      whatIf,
      placeOf,
      canApply: (row) => (view ? this.changes.canConvert(view, row) : NOT_FROM_HERE),
      wholeModel: (model) => this.wholeModel(analysis, model),
    });
    return (this.last = { view, state, cost, layer });
  }

  /** Answers a slider at once: only the what-if part is computed. Undefined when a later slider has taken over. */
  async setWhatIf(values: WhatIfValues | null): Promise<WhatIfView | undefined> {
    this.values = values;
    const { last: current } = this;
    if (!current?.cost || !current.layer || !current.state.model) return undefined;
    const { cost, layer, view } = current;
    const inputs: WhatIfInputs | null = values && (await this.tryValues(view, cost, layer, values));
    if (this.values !== values || this.last !== current) return undefined;
    const whatIf = whatIfView({ layer, model: cost, whatIf: inputs });
    this.last = { ...current, state: { ...current.state, model: { ...current.state.model, whatIf } } };
    return whatIf ?? undefined;
  }

  private chosen({ models }: Analysis) {
    const names = modelNames(models.map((m) => m.model));
    const chosen = chosenModel(models, names, this.choice);
    return { cost: chosen?.cost, layer: chosen && chosenLayer(chosen.cost, this.choice) };
  }

  /** A command names a model by its class and line; the page by its unique name. */
  private resolveLine({ models }: Analysis): void {
    const { line } = this;
    this.line = undefined;
    if (line === undefined) return;
    const names = modelNames(models.map((m) => m.model));
    const index = models.findIndex(
      ({ model }) => model.name === this.choice.model && model.source.range?.start.line === line,
    );
    if (index >= 0) this.choice = { ...this.choice, model: names[index] ?? null };
  }

  /** What the state is made of whatever was read. */
  private common(flow: FlowView): PanelInput {
    return {
      file: {
        uri: this.uri.toString(),
        name: workspace.asRelativePath(this.uri, false),
        saved: isBinaryModel(this.uri),
      },
      analysis: undefined,
      selection: this.choice,
      whatIf: null,
      flow,
      goals: this.goals,
      pinned: this.kept,
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
}

const NO_GOALS: Goals = { maxParams: null, trainingSequences: null, target: 'any' };

/** Nobody expects to change a saved model from here, so no reason is given. */
const NOT_FROM_HERE: ApplyView = { possible: false };
