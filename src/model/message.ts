/**
 * A sentence for a person, not yet in their language: an English template with `{0}`, `{1}` … and what fills them.
 * The template is also the key of its translation (as `vscode.l10n.t` has it), so pure rooms can speak
 * without knowing any language.
 */
export interface Message {
  readonly text: string;
  readonly args: readonly (string | number)[];
}

/** Builds a {@link Message}; write `template` as a literal at the call, so that translations can be collected. */
export function message(template: string, ...args: (string | number)[]): Message {
  return { text: template, args };
}

/** Looks up the translation of a template; the identity for English. */
export type Translate = (template: string) => string;

/** Fills a message's placeholders; `translate` turns the template into the reader's language first. */
export function formatMessage(m: Message, translate: Translate = (t) => t): string {
  return translate(m.text).replace(/\{(\d+)\}/g, (whole, i: string) => {
    const arg = m.args[Number(i)];
    return arg === undefined ? whole : String(arg);
  });
}
