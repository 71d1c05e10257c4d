import { l10n } from 'vscode';
import type { Message } from '../model';

/** A message in the language VS Code runs in. */
export function say(m: Message): string {
  return l10n.t(m.text, ...m.args);
}

/** Looks up the translation of a template without filling it. */
export function translate(template: string): string {
  return l10n.t(template);
}
