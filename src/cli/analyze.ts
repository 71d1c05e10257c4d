import type { Analysis } from '../engine/analyse';
import { isSource } from '../engine/read-source';
import { matchAnalyses } from '../engine/source-match';
import { message, type Problem } from '../model';
import { analysisJson } from '../report/analysis-json';
import { analysisText } from '../report/analysis-text';
import { CliError } from './cli-error';
import type { Output } from './command';
import { expandPath } from './io';
import { assumptionsOf, MODEL_OPTIONS, parse, text, workloadFrom } from './options';
import { analyseFile, isReadable } from './read-file';
import { selectModels } from './select';

/** `rnn-lens analyze FILE…` */
export async function analyze(args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(args, MODEL_OPTIONS);
  if (positionals.length === 0) throw new CliError('analyze needs at least one file or folder');
  const workload = workloadFrom(values);
  const assumptions = assumptionsOf(values);
  const className = text(values, 'class');

  const analyses: Analysis[] = [];
  const unreadable: CliError[] = [];
  for (const path of positionals) {
    const { files, folder } = await expandPath(path, isReadable);
    for (const file of files) {
      try {
        const analysis = await analyseFile(file, workload, assumptions);
        const holdsNothing = analysis.models.length === 0 && analysis.problems.length === 0;
        // In a folder, most JSON and binary files are something else: only those with a model are of interest.
        const ofInterest = analysis.models.length > 0 || (isSource(file) && !holdsNothing);
        if (folder ? ofInterest : !holdsNothing) analyses.push(analysis);
        else if (!folder) analyses.push({ ...analysis, problems: [noModel(analysis.file)] });
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        unreadable.push(error);
      }
    }
  }
  if (analyses.length === 0 && unreadable.length > 0) throw unreadable[0]!;
  const matched = matchAnalyses(analyses);
  const chosen = className === undefined ? matched : onlyClass(matched, className);
  output.out(
    values['json'] ? `${JSON.stringify(analysisJson(chosen), null, 2)}\n` : analysisText(chosen, workload),
  );
  for (const error of unreadable) output.err(`rnn-lens: ${error.message}\n`);
  if (unreadable.length > 0) return 2;
  return chosen.some(hasFinding) ? 1 : 0;
}

function onlyClass(analyses: readonly Analysis[], name: string): readonly Analysis[] {
  const chosen = analyses
    .filter((a) => a.models.some((m) => m.model.name === name))
    .map((a) => ({ ...a, models: selectModels(a, name) }));
  if (chosen.length > 0) return chosen;
  const names = [...new Set(analyses.flatMap((a) => a.models.map((m) => m.model.name)))].join(', ');
  throw new CliError(`no model called ${name}${names ? `; there are ${names}` : ''}`);
}

/** A syntax error is the state of a file being written, not a finding about its model. */
function hasFinding(analysis: Analysis): boolean {
  return analysis.problems.some((p) => p.severity === 'error' && p.code !== 'syntax-error');
}

/** A file that was named gets an answer even when there is nothing in it. */
function noModel(file: string): Problem {
  return {
    code: 'no-model',
    severity: 'info',
    message: message('The file describes no model that could be found.'),
    source: { file },
  };
}
