import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { BUDGET_FILE, budgetsFor, checkBudget, parseBudgets, type Budget } from '../advice/budgets';
import { analyseSource, type Analysis } from '../engine/analyse';
import { assumptionsFrom } from '../engine/assumptions';
import { defaultSeverity, findingsIn } from '../engine/findings';
import { formatMessage, type Workload } from '../model';
import { checkJson, checkText, githubAnnotations, sarif, type CheckResult } from '../report/check-output';
import { CliError } from './cli-error';
import type { Command } from './command';
import { decodeUtf8, expandPath, loadText } from './io';
import { assumptionsOf, MODEL_OPTIONS, parse, text, workloadFrom } from './options';
import { VERSION } from './version';

const FORMATS = ['text', 'json', 'sarif', 'github'] as const;

/** `rnn-lens check [PATH…]`: findings and budgets; exit code 1 for a warning or a budget that is exceeded. */
export const check: Command = async (args, output) => {
  const { values, positionals } = parse(args, {
    ...MODEL_OPTIONS,
    config: { type: 'string' },
    format: { type: 'string' },
  });
  const format = values['json'] ? 'json' : (text(values, 'format') ?? 'text');
  if (!(FORMATS as readonly string[]).includes(format)) {
    throw new CliError(`--format takes one of ${FORMATS.join(', ')}, not ${format}`);
  }
  const { budgets, folder } = await loadBudgets(text(values, 'config'));
  const workload = workloadFrom(values);
  const assumptions = assumptionsOf(values);
  const results: CheckResult[] = [];
  for (const path of positionals.length > 0 ? positionals : ['.']) {
    for (const file of (await expandPath(path)).files) {
      const source = await loadText(file);
      if (source === undefined) continue;
      const read = (w: Workload, assume: Budget['assume']): Promise<Analysis> =>
        analyseSource(
          { file: file.replaceAll('\\', '/'), text: source },
          { workload: w, assumptions: assumptionsFrom('setting', assume, assumptions), load: loadText },
        );
      const analysis = await read(workload, {});
      results.push(...findingsIn(analysis, { file: analysis.file, text: source }).map(findingResult));
      const within = relative(folder, resolve(file)).replaceAll('\\', '/');
      for (const budget of analysis.models.length > 0 ? budgetsFor(budgets, within) : []) {
        const costed = await read(
          {
            ...workload,
            seqLen: budget.sequenceLength ?? workload.seqLen,
            batch: budget.batchSize ?? workload.batch,
          },
          budget.assume,
        );
        results.push(...budgetResults(budget, costed));
      }
    }
  }
  output.out(render(results, format));
  return results.some((r) => r.level !== 'note') ? 1 : 0;
};

function findingResult(finding: ReturnType<typeof findingsIn>[number]): CheckResult {
  const severity = defaultSeverity(finding.rule);
  const level = severity === 'error' || severity === 'warning' ? severity : 'note';
  return { rule: finding.rule, level, message: finding.message, source: finding.source };
}

/** What is within its budget needs no line; what cannot be checked is said, and is no failure. */
function budgetResults(budget: Budget, { models }: Analysis): CheckResult[] {
  return checkBudget(budget, models)
    .filter((r) => r.exceeded || r.actual === undefined)
    .map((r) => ({
      rule: 'over-budget',
      level: r.exceeded ? 'error' : 'note',
      message: r.message,
      source: r.source,
    }));
}

/** The named file, else `rnn-lens.json` of the current folder, else no budgets. */
async function loadBudgets(
  config: string | undefined,
): Promise<{ budgets: readonly Budget[]; folder: string }> {
  const path = resolve(config ?? BUDGET_FILE);
  let source: string | undefined;
  try {
    source = decodeUtf8(await readFile(path));
  } catch {
    if (config === undefined) return { budgets: [], folder: process.cwd() };
  }
  if (source === undefined) throw new CliError(`${config ?? BUDGET_FILE}: cannot be read`);
  const { budgets, problems } = parseBudgets(source);
  if (problems.length > 0) throw new CliError(problems.map((m) => formatMessage(m)).join(' '));
  return { budgets, folder: dirname(path) };
}

function render(results: readonly CheckResult[], format: string): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(checkJson(results), null, 2)}\n`;
    case 'sarif':
      return `${JSON.stringify(sarif(results, VERSION), null, 2)}\n`;
    case 'github':
      return githubAnnotations(results);
    default:
      return checkText(results);
  }
}
