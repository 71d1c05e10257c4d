import { runRules, type Finding, type RuleInput } from '../advice/rules';
import type { Position, Problem, Range, Usage } from '../model';
import { readUsage } from '../readers/python/usage';
import type { TextFile } from '../readers/types';
import type { Analysis } from './analyse';

/** What the rules say about an analysed source text. */
export function findingsIn(analysis: Analysis, file: TextFile): readonly Finding[] {
  // Without a model (or with one that stands in another file) there is nothing to hold the code against.
  if (analysis.models.length === 0) return [];
  return runRules(ruleInput(analysis, file));
}

/** What the reader said, without what a finding says better: why sizes do not fit, instead of that they do not. */
export function problemsBeside(
  problems: readonly Problem[],
  findings: readonly Finding[],
): readonly Problem[] {
  const told = new Set(findings.flatMap(({ shownAt }) => shownAt?.range?.start.line ?? []));
  return problems.filter(
    ({ code, source }) => !(code.startsWith('shape-') && told.has(source.range?.start.line ?? -1)),
  );
}

/** What the rules may look at. */
export function ruleInput(analysis: Analysis, file: TextFile): RuleInput {
  const usage: readonly Usage[] = file.file.endsWith('.py') ? readUsage(file) : [];
  const lines = file.text.split('\n');
  return {
    file: file.file,
    models: analysis.models,
    usage,
    problems: analysis.problems,
    textAt: ({ range }) => (range ? between(lines, range) : ''),
  };
}

function between(lines: readonly string[], { start, end }: Range): string {
  const text = (line: number, from: Position['character'], to?: number) =>
    (lines[line] ?? '').slice(from, to);
  if (start.line === end.line) return text(start.line, start.character, end.character);
  const middle = lines.slice(start.line + 1, end.line);
  return [text(start.line, start.character), ...middle, text(end.line, 0, end.character)].join('\n');
}
