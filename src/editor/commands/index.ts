import { commands, type Disposable, type ExtensionContext } from 'vscode';
import type { DocumentAnalyses } from '../document-analyses';
import { COMMAND } from '../ids';
import type { Target } from '../markdown';
import type { Summaries } from '../summary';
import { createBudgets } from './create-budgets';
import { openSample } from './open-sample';
import { assumeValue, type AssumeTarget, clearAssumedValues } from './assume-value';

/** What the commands work with. */
export interface CommandServices {
  readonly context: ExtensionContext;
  readonly analyses: DocumentAnalyses;
  readonly summaries: Summaries;
}

/** Every command that is not the panel's own. */
export function registerCommands({ context, analyses, summaries }: CommandServices): Disposable[] {
  return [
    commands.registerCommand(COMMAND.analyseFile, (target?: Target) => summaries.show(target)),
    commands.registerCommand(COMMAND.assumeValue, (target?: AssumeTarget) => assumeValue(analyses, target)),
    commands.registerCommand(COMMAND.clearAssumedValues, clearAssumedValues),
    commands.registerCommand(COMMAND.openSample, () => openSample(context)),
    commands.registerCommand(COMMAND.createBudgets, createBudgets),
  ];
}
