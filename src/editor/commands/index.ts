import { commands, type Disposable, type ExtensionContext, type Uri } from 'vscode';
import type { DocumentAnalyses } from '../document-analyses';
import { COMMAND, SAVED_EDITOR } from '../ids';
import type { Target } from '../markdown';
import { isBinaryModel } from '../saved/analyse';
import type { Summaries } from '../summary';
import type { Verification } from '../verify/verify-with-python';
import { uriFor } from './choose';
import { analyseModelFile } from './analyse-model-file';
import { createBudgets } from './create-budgets';
import { openSample } from './open-sample';
import { assumeValue, type AssumeTarget, clearAssumedValues } from './assume-value';

/** What the commands work with. */
export interface CommandServices {
  readonly context: ExtensionContext;
  readonly analyses: DocumentAnalyses;
  readonly summaries: Summaries;
  readonly verification: Verification;
}

/** Every command that is not the panel's own. */
export function registerCommands({
  context,
  analyses,
  summaries,
  verification,
}: CommandServices): Disposable[] {
  return [
    commands.registerCommand(COMMAND.analyseFile, (target?: Target | Uri) => analyseFile(summaries, target)),
    commands.registerCommand(COMMAND.analyseModelFile, (uri?: Uri) => analyseModelFile(uri)),
    commands.registerCommand(COMMAND.assumeValue, (target?: AssumeTarget) => assumeValue(analyses, target)),
    commands.registerCommand(COMMAND.clearAssumedValues, clearAssumedValues),
    commands.registerCommand(COMMAND.verifyWithPython, (target?: Target | Uri) => verification.run(target)),
    commands.registerCommand(COMMAND.openSample, () => openSample(context)),
    commands.registerCommand(COMMAND.createBudgets, createBudgets),
  ];
}

/** A saved model opens in its own editor, source in a summary. */
async function analyseFile(summaries: Summaries, target?: Target | Uri): Promise<void> {
  const uri = uriFor(target);
  if (uri && isBinaryModel(uri)) {
    await commands.executeCommand('vscode.openWith', uri, SAVED_EDITOR);
  } else await summaries.show(target);
}
