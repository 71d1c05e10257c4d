import {
  l10n,
  type QuickPickItem,
  type QuickPickOptions,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import { type ModelCost } from '../../cost/types';
import { DocumentAnalyses } from '../document-analyses';
import type { DocumentView } from '../document-view';
import type { Target } from '../markdown';

/** The file a command is about, when it was told: links name it, menus of the explorer hand over its URI. */
export function uriFor(target: Target | Uri | undefined): Uri | undefined {
  if (target instanceof Uri) return target;
  return typeof target?.uri === 'string' ? Uri.parse(target.uri) : undefined;
}

/** The document a command is about: the one named, else the active one. Tells the user when there is none. */
export async function documentFor(target: Target | Uri | undefined): Promise<TextDocument | undefined> {
  const uri = uriFor(target);
  if (uri) {
    const open = workspace.textDocuments.find((d) => d.uri.toString() === uri.toString());
    return open ?? workspace.openTextDocument(uri);
  }
  const active = window.activeTextEditor?.document;
  if (active && DocumentAnalyses.covers(active)) return active;
  void window.showInformationMessage(l10n.t('Open a file that defines a model first.'));
  return undefined;
}

/** The target's model; else the only one, the one the cursor is in, or the one the user picks. */
export async function modelFor(
  view: DocumentView,
  target: Target | undefined,
): Promise<ModelCost | undefined> {
  const named = view.models.filter(({ model }) => model.name === target?.model);
  const exact = named.find(({ model }) => model.source.range?.start.line === target?.line) ?? named[0];
  if (exact) return exact;
  if (view.models.length <= 1) return view.models[0];
  const cursor = window.activeTextEditor;
  if (cursor?.document === view.document) {
    const here = view.modelsHere().filter(({ range }) => range.contains(cursor.selection.active));
    if (here.length === 1) return here[0]!.cost;
  }
  return pick(
    view.models.map((cost) => ({
      label: cost.model.name,
      description: cost.model.construction?.text ?? '',
      value: cost,
    })),
    l10n.t('Which model?'),
  );
}

/** A quick pick over values. */
export async function pick<T>(
  items: readonly (QuickPickItem & { readonly value: T })[],
  placeHolder: string,
  options: QuickPickOptions = {},
): Promise<T | undefined> {
  const chosen = await window.showQuickPick([...items], {
    placeHolder,
    matchOnDescription: true,
    ...options,
  });
  return chosen?.value;
}
