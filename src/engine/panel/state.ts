import { compareLayer, compareModel } from '../../compare';
import type { ModelComparisonRow } from '../../compare/types';
import type { ModelCost } from '../../cost/types';
import {
  FRAMEWORK_NAMES,
  type Message,
  type Problem,
  type RecurrentLayer,
  displayName,
  isRecurrent,
  message,
} from '../../model';
import type {
  ComparisonView,
  FileView,
  FlowView,
  Goals,
  ModelView,
  PanelState,
  PinnedView,
  Selection,
} from '../../protocol/panel';
import { type ApplyOf, layerComparisonView, modelComparisonView } from './comparison';
import { decide } from './decision';
import { explainView } from './explain';
import { factsOf } from './facts';
import { type PlaceOf, layerView } from './layers';
import { modelNames } from './models';
import { quantitiesView } from './quantities';
import { totalsView } from './totals';
import { type WhatIfInputs, whatIfView } from './what-if';

/** Everything the page's state is made of. */
export interface PanelInput {
  readonly file: FileView;
  /** Undefined while the file is being read for the first time. */
  readonly analysis:
    { readonly models: readonly ModelCost[]; readonly problems: readonly Problem[] } | undefined;
  /** Why the file cannot be read at all. */
  readonly error?: Message;
  readonly selection: Selection;
  readonly whatIf: WhatIfInputs | null;
  readonly flow: FlowView | null;
  readonly goals: Goals;
  readonly pinned: PinnedView | null;
  readonly placeOf: PlaceOf;
  /** Whether the source can be changed to a row of the comparison. */
  readonly canApply: ApplyOf;
  /** The comparison of a whole model; absent: at the same size only. */
  readonly wholeModel?: (model: ModelCost) => readonly ModelComparisonRow[];
}

/** What the page shows. Pure: the same input gives the same state. */
export function panelState(input: PanelInput): PanelState {
  const { analysis, file, goals, pinned } = input;
  const empty = { file, goals, pinned, models: [], model: null, problems: [] };
  if (input.error) return { ...empty, phase: 'error', error: input.error };
  if (!analysis) return { ...empty, phase: 'loading' };
  const problems = analysis.problems.map((p) => ({
    severity: p.severity,
    message: p.message,
    place: input.placeOf(p.source),
  }));
  const names = modelNames(analysis.models.map((m) => m.model));
  const models = analysis.models.map(({ model }, i) => ({
    name: names[i] ?? model.name,
    className: model.name,
    construction: model.construction?.text ?? null,
    line: model.source.range?.start.line ?? null,
  }));
  const chosen = chosenModel(analysis.models, names, input.selection);
  if (!chosen) return { ...empty, problems, phase: 'empty' };
  return { ...empty, phase: 'ready', problems, models, model: modelView(chosen.cost, chosen.name, input) };
}

/** The selected model; else the first with a recurrent layer; else the first. */
export function chosenModel(
  models: readonly ModelCost[],
  names: readonly string[],
  selection: Selection,
): { readonly cost: ModelCost; readonly name: string } | undefined {
  const named = selection.model === null ? -1 : names.indexOf(selection.model);
  const withCell = models.findIndex((m) => m.layers.some((l) => isRecurrent(l.layer)));
  const index = named >= 0 ? named : Math.max(withCell, 0);
  const cost = models[index];
  return cost && { cost, name: names[index] ?? cost.model.name };
}

/** The layer that is compared: the selected one, else the first recurrent one. */
export function chosenLayer(cost: ModelCost, selection: Selection): RecurrentLayer | undefined {
  const recurrent = cost.layers.map((l) => l.layer).filter(isRecurrent);
  return recurrent.find((l) => l.path === selection.layer) ?? recurrent[0];
}

function modelView(cost: ModelCost, name: string, input: PanelInput): ModelView {
  const { model, workload } = cost;
  const { placeOf, selection } = input;
  const layer = chosenLayer(cost, selection);
  const totals = totalsView(cost);
  const layers = cost.layers.map((l) => layerView(l, placeOf));
  const comparison = comparisonOf(cost, layer, input);
  const layerCost = cost.layers.find((l) => l.layer === layer);
  return {
    name,
    framework: FRAMEWORK_NAMES[model.framework],
    place: placeOf(model.source),
    construction: model.construction
      ? { text: model.construction.text, place: placeOf(model.construction.source) }
      : null,
    facts: factsOf(model.layers, new Set(model.assumed.map((a) => a.name)), placeOf),
    assumed: model.assumed.map((a) => ({ name: a.name, value: a.value, from: a.from })),
    unknowns: model.unknowns.map((u) => ({
      name: u.name,
      reason: u.reason,
      place: placeOf(u.source),
      choices: u.choices ?? [],
    })),
    workload,
    totals,
    layers,
    comparison,
    whatIf: layer
      ? whatIfView({
          layer,
          model: cost,
          whatIf: input.whatIf,
        })
      : null,
    explain: layer && layerCost ? explainView(layerCost, layer, workload) : null,
    quantities: quantitiesView(cost, workload),
    decision: decide({
      totals,
      layers,
      comparison,
      flow:
        input.flow?.setup && !input.flow.setup.stale && input.flow.path === layer?.path ? input.flow : null,
      goals: input.goals,
      workload,
    }),
  };
}

function comparisonOf(
  cost: ModelCost,
  layer: RecurrentLayer | undefined,
  { selection, canApply, wholeModel }: PanelInput,
): ComparisonView | null {
  if (!layer) return null;
  if (selection.layer === '') {
    const rows = wholeModel?.(cost) ?? compareModel(cost.model, cost.workload);
    const unknown = cost.model.unknowns.map((u) => message('{0} is not known.', displayName(u.name)));
    return modelComparisonView(rows, unknown.length > 0 ? unknown : cost.unknown);
  }
  const comparison = compareLayer(layer, cost.model, cost.workload);
  return layerComparisonView(comparison, canApply);
}
