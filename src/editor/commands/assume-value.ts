import { ConfigurationTarget, l10n, type Uri, window, workspace } from 'vscode';
import { parseValue } from '../../engine/assumptions';
import { displayName, formatMessage, type AssumableValue, type Unknown } from '../../model';
import type { DocumentAnalyses } from '../document-analyses';
import { SECTION } from '../ids';
import type { Target } from '../markdown';
import { translate } from '../say';
import { assumedValues } from '../settings';
import { documentFor, modelFor, pick } from './choose';

/** What a link may say beyond the model: which unknown, and its value. */
export interface AssumeTarget extends Target {
  readonly name?: string;
  readonly value?: AssumableValue;
}

/** Gives an unknown size a value, in the workspace's settings. */
export async function assumeValue(analyses: DocumentAnalyses, target?: AssumeTarget): Promise<void> {
  const document = await documentFor(target);
  const view = document && (await analyses.get(document));
  if (!view) return;
  const model = await modelFor(view, target);
  if (!model) return;
  const unknowns = model.model.unknowns;
  const unknown =
    unknowns.find((u) => u.name === target?.name) ??
    (target?.name === undefined ? await pickUnknown(unknowns) : undefined);
  const name = unknown?.name ?? target?.name;
  if (name === undefined) {
    if (unknowns.length === 0)
      void window.showInformationMessage(l10n.t('No size of this model is unknown.'));
    return;
  }
  const value = target?.value ?? (await askValue(name, unknown));
  if (value !== undefined) await storeAssumption(document.uri, `${model.model.name}.${name}`, value);
}

function pickUnknown(unknowns: readonly Unknown[]): Promise<Unknown | undefined> {
  if (unknowns.length === 0) return Promise.resolve(undefined);
  return pick(
    unknowns.map((u) => ({
      label: displayName(u.name),
      detail: formatMessage(u.reason, translate),
      value: u,
    })),
    l10n.t('Which size?'),
  );
}

async function askValue(name: string, unknown: Unknown | undefined): Promise<AssumableValue | undefined> {
  const choices = unknown?.choices ?? [];
  if (choices.length > 0) {
    const other = Symbol('other');
    const chosen = await pick<AssumableValue | typeof other>(
      [
        ...choices.map((value) => ({ label: String(value), value })),
        { label: l10n.t('Another value…'), value: other },
      ],
      l10n.t('Value of {0}', displayName(name)),
    );
    if (chosen !== other) return chosen;
  }
  const text = await window.showInputBox({
    title: l10n.t('Value of {0}', displayName(name)),
    prompt: unknown ? formatMessage(unknown.reason, translate) : '',
    validateInput: (typed) => (typed.trim() === '' ? l10n.t('A number, True, False or a text.') : undefined),
  });
  return text === undefined ? undefined : parseValue(text.trim());
}

/**
 * Keeps a value (or takes it back) in `rnnLens.assumedValues`: the workspace's settings where there is a workspace, else the
 * user's. `key` is a name or `Class.name`.
 */
export async function storeAssumption(
  uri: Uri,
  key: string,
  value: AssumableValue | undefined,
): Promise<void> {
  const others = Object.entries(assumedValues(uri)).filter(([name]) => name !== key);
  const values = Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
  const target = workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  await workspace.getConfiguration(SECTION, uri).update('assumedValues', values, target);
}

/** Forgets all assumed values of the workspace. */
export async function clearAssumedValues(): Promise<void> {
  const settings = workspace.getConfiguration(SECTION);
  const inspected = settings.inspect('assumedValues');
  const targets: [unknown, ConfigurationTarget][] = [
    [inspected?.workspaceValue, ConfigurationTarget.Workspace],
    [inspected?.globalValue, ConfigurationTarget.Global],
  ];
  for (const [value, target] of targets) {
    if (value !== undefined) await settings.update('assumedValues', undefined, target);
  }
}
