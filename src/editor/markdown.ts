import { MarkdownString, type Uri } from 'vscode';
import type { Model } from '../model';
import { COMMAND } from './ids';

type CommandId = (typeof COMMAND)[keyof typeof COMMAND];

/** Which model or layer a command is about; all commands take it as their only argument and ask when it is missing. */
export interface Target {
  /** The document's URI. */
  readonly uri: string;
  readonly model?: string;
  /** Where the model is declared: tells apart models of one name. */
  readonly line?: number;
  /** A layer's path. */
  readonly layer?: string;
}

export function targetOf(uri: Uri, model: Model, layer?: string): Target {
  const line = model.source.range?.start.line;
  return {
    uri: uri.toString(),
    model: model.name,
    ...(line === undefined ? {} : { line }),
    ...(layer === undefined ? {} : { layer }),
  };
}

/**
 * Markdown that may run our own commands and nothing else; no HTML. `text` is built by the report room, which escapes
 * whatever comes from a file.
 */
export function ownMarkdown(text: string): MarkdownString {
  const markdown = new MarkdownString(text, true);
  markdown.isTrusted = { enabledCommands: Object.values(COMMAND) };
  markdown.supportHtml = false;
  return markdown;
}

/** A link that runs a command. `label` is Markdown. */
export function commandLink(label: string, command: CommandId, argument: object): string {
  const args = encodeURIComponent(JSON.stringify([argument])).replace(/[()]/g, (c) =>
    c === '(' ? '%28' : '%29',
  );
  return `[${label}](command:${command}?${args})`;
}
