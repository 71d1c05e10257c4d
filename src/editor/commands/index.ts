import { commands, type Disposable } from 'vscode';
import type { DocumentAnalyses } from '../document-analyses';
import { COMMAND } from '../ids';
import type { Target } from '../markdown';
import type { Summaries } from '../summary';
import { assumeValue, type AssumeTarget, clearAssumedValues } from './assume-value';

/** What the commands work with. */
export interface CommandServices {
  readonly analyses: DocumentAnalyses;
  readonly summaries: Summaries;
}

/** Every command that is not the panel's own. */
export function registerCommands({ analyses, summaries }: CommandServices): Disposable[] {
  return [
    commands.registerCommand(COMMAND.analyseFile, (target?: Target) => summaries.show(target)),
    commands.registerCommand(COMMAND.assumeValue, (target?: AssumeTarget) => assumeValue(analyses, target)),
    commands.registerCommand(COMMAND.clearAssumedValues, clearAssumedValues),
  ];
}
