import type { TextDocument, WorkspaceEdit } from 'vscode';
import type { Alternative } from '../../advice';
import type { ComparisonRow } from '../../compare/types';
import type { ModelCost } from '../../cost/types';
import {
  type Change,
  type Hunk,
  type Refusal,
  applyEdits,
  convertLayer,
  hunksOf,
  initialiseLayer,
  isRefusal,
  setSizes,
} from '../../edits';
import { previewOf } from '../../engine/preview';
import { type WhatIfInputs, sameLayer, workloadOf, writtenValues } from '../../engine/panel/what-if';
import { type Message, type RecurrentLayer, cellOf, isRecurrent, message } from '../../model';
import type { ApplyView, WhatIfValues } from '../../protocol/panel';
import { editFor } from '../code-actions/edit-for';
import type { DocumentAnalyses } from '../document-analyses';
import type { DocumentView } from '../document-view';

type Outcome = Change | Refusal;

/** Changes of the source that the page offers: what can be changed, what the model would be then, and the change itself. */
export class SourceChanges {
  /** Asked for every row of every refresh, so kept per analysis. */
  private readonly known = new Map<string, ApplyView>();
  private knownFor: DocumentView['analysis'] | undefined;

  constructor(private readonly analyses: DocumentAnalyses) {}

  /** Whether the layer can be rewritten as a row's cell. */
  canConvert(view: DocumentView, row: ComparisonRow): ApplyView {
    if (this.knownFor !== view.analysis) this.known.clear();
    this.knownFor = view.analysis;
    const resized = row.sizing !== 'same-size';
    const key = `${row.layer.path} ${row.cell} ${resized}`;
    const known = this.known.get(key);
    if (known) return known;
    const { start } = row.layer.source.range ?? {};
    const original = view.models
      .flatMap((m) => m.layers.map((l) => l.layer))
      .filter(isRecurrent)
      .find((l) => l.path === row.layer.path && l.source.range?.start === start);
    const to = { to: row.cell, ...(resized ? { hiddenSize: row.hiddenSize } : {}) };
    const answer = original
      ? asApply(ifPython(view, () => convertLayer(view.source, original, to)))
      : { possible: false };
    this.known.set(key, answer);
    return answer;
  }

  /** What the sliders' values would make of the model, read from the source with the change made in it. */
  async tryValues(
    view: DocumentView,
    cost: ModelCost,
    layer: RecurrentLayer,
    values: WhatIfValues,
  ): Promise<WhatIfInputs> {
    const workload = workloadOf(values, cost.workload);
    const written = writtenValues(layer, cost.workload);
    if (!written || sameLayer(values, written)) {
      const { models } = await this.analyses.analyseWith(view.document, { workload });
      return { values, changed: models[view.models.indexOf(cost)], apply: NOTHING_TO_APPLY };
    }
    const outcome = ifPython(view, () => setSizes(view.source, layer, values));
    if (isRefusal(outcome)) return { values, changed: undefined, apply: asApply(outcome) };
    const text = applyEdits(view.text, outcome.edits);
    const after = await this.analyses.analyseWith(view.document, { text, workload });
    const changed = previewOf(view.analysis, after, cost, layer.path)?.after;
    return {
      values,
      changed,
      apply: changed ? { possible: true } : { possible: false, reason: LEFT_BEHIND },
    };
  }

  convert(view: DocumentView, cost: ModelCost, layer: RecurrentLayer, row: Conversion): Promise<Prepared> {
    const outcome = ifPython(view, () => convertLayer(view.source, layer, row));
    return this.prepare(view, cost, layer, outcome, message('Change {0} to another cell', layer.path));
  }

  setValues(
    view: DocumentView,
    cost: ModelCost,
    layer: RecurrentLayer,
    values: WhatIfValues,
  ): Promise<Prepared> {
    const outcome = ifPython(view, () => setSizes(view.source, layer, values));
    return this.prepare(view, cost, layer, outcome, message('Change the sizes of {0}', layer.path));
  }

  /** What the advice proposes: another start, or another cell of the same size. */
  take(
    view: DocumentView,
    cost: ModelCost,
    layer: RecurrentLayer,
    alternative: Alternative,
  ): Promise<Prepared> {
    const outcome = ifPython(view, () => takeIn(view, layer, alternative));
    const title =
      alternative.spec.cell === cellOf(layer.kind)
        ? message('Initialise {0}', layer.path)
        : message('Change {0} to another cell', layer.path);
    return this.prepare(view, cost, layer, outcome, title);
  }

  canTake(view: DocumentView, layer: RecurrentLayer, alternative: Alternative): boolean {
    return !isRefusal(ifPython(view, () => takeIn(view, layer, alternative)));
  }

  /** Tries the change on a copy of the text; what it would break is not offered. */
  private async prepare(
    view: DocumentView,
    cost: ModelCost,
    layer: RecurrentLayer,
    outcome: Outcome,
    title: Message,
  ): Promise<Prepared> {
    if (isRefusal(outcome)) return outcome;
    const text = applyEdits(view.text, outcome.edits);
    const after = await this.analyses.analyseWith(view.document, { text });
    if (!previewOf(view.analysis, after, cost, layer.path)) return { refused: LEFT_BEHIND };
    const edit = editFor(view, outcome);
    if (!edit) return { refused: OTHER_CELL };
    const hunks = hunksOf(view.text, outcome.edits);
    return {
      title,
      edit,
      hunks,
      notes: outcome.notes,
      document: view.document,
      version: view.document.version,
    };
  }
}

/** A change that is ready to be shown and made. */
export interface PreparedChange {
  readonly title: Message;
  readonly edit: WorkspaceEdit;
  readonly hunks: readonly Hunk[];
  readonly notes: readonly Message[];
  readonly document: TextDocument;
  /** The change fits this version only. */
  readonly version: number;
}

export type Prepared = PreparedChange | Refusal;

/** Which cell, and at which hidden size. */
type Conversion = Parameters<typeof convertLayer>[2];

const NOTHING_TO_APPLY: ApplyView = {
  possible: false,
  reason: message('Sequence length, batch and number type are assumed, not written in the source.'),
};
const LEFT_BEHIND = message(
  'Another layer is written for the old size, so the model would no longer fit together.',
);
const OTHER_CELL = message('The change would reach into another cell of the notebook.');
const NOT_PYTHON: Refusal = { refused: message('Only Python source is changed from here.') };

function ifPython(view: DocumentView, make: () => Outcome): Outcome {
  return view.document.languageId === 'python' ? make() : NOT_PYTHON;
}

function takeIn(view: DocumentView, layer: RecurrentLayer, alternative: Alternative): Outcome {
  const { cell } = alternative.spec;
  return cell === cellOf(layer.kind)
    ? initialiseLayer(view.source, layer, alternative)
    : convertLayer(view.source, layer, { to: cell });
}

function asApply(outcome: Outcome): ApplyView {
  return isRefusal(outcome) ? { possible: false, reason: outcome.refused } : { possible: true };
}
