import { l10n } from 'vscode';

/** The page's texts in the language VS Code runs in, by English template; empty for English. */
export function translations(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(l10n.bundle ?? {}).filter(([, text]) => typeof text === 'string'));
}
