import { RULES, runRules, type Finding, type RuleSeverity } from '../advice/rules';
import type { Usage } from '../model';
import { readUsage } from '../readers/python/usage';
import type { TextFile } from '../readers/types';
import type { Analysis } from './analyse';

/** What the rules say about an analysed source text. */
export function findingsIn(analysis: Analysis, file: TextFile): readonly Finding[] {
  // Without a model (or with one that stands in another file) there is nothing to hold the code against.
  if (analysis.models.length === 0) return [];
  const usage: readonly Usage[] = file.file.endsWith('.py') ? readUsage(file) : [];
  const told = new Set(analysis.problems.map((p) => lineOf(p.source.range?.start.line)));
  return runRules({ file: file.file, models: analysis.models, usage }).filter(
    // The reader has already said that sizes do not fit on this line.
    (f) => !(f.rule === 'input-size-mismatch' && told.has(lineOf(f.source.range?.start.line))),
  );
}

function lineOf(line: number | undefined): number {
  return line ?? -1;
}

/** How serious a rule's findings are unless the user says otherwise. */
export function defaultSeverity(rule: Finding['rule']): RuleSeverity {
  return RULES.find(({ id }) => id === rule)!.severity;
}
