import { type Message, formatMessage, message } from '../model';

let strings: Readonly<Record<string, string>> = {};

/** Takes the translations the extension sent; templates without one stay English. */
export function setStrings(table: Readonly<Record<string, string>>): void {
  strings = table;
}

/** A text of the page in the reader's language. Write `template` as a literal, so that it can be collected. */
export function t(template: string, ...args: (string | number)[]): string {
  return say(message(template, ...args));
}

/** A sentence that was made elsewhere, in the reader's language. */
export function say(m: Message): string {
  // A figure and its unit stay on one line.
  return formatMessage(m, (template) => strings[template] ?? template).replace(/(\d) %/g, '$1\u00a0%');
}
