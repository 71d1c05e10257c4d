import { existsSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import {
  BUDGET_FILE,
  budgetsFor,
  checkBudget,
  parseBudgets,
  type Budget,
  type BudgetResult,
} from '../advice/budgets';
import { defaultSeverity } from '../advice/rules';
import { analyseSource, type Analysis } from '../engine/analyse';
import { assumptionsFrom } from '../engine/assumptions';
import { findingsIn, problemsBeside } from '../engine/findings';
import { checkHorizon, horizonFindings, type HorizonMeter } from '../engine/horizon';
import { formatMessage, type Assumptions, type Problem, type Workload, withSizes } from '../model';
import { checkJson, checkText, githubAnnotations, sarif, type CheckResult } from '../report/check-output';
import { CliError } from './cli-error';
import type { Command } from './command';
import { expandPath, loadText } from './io';
import { assumptionsOf, MODEL_OPTIONS, parse, text, workloadFrom } from './options';
import { VERSION } from './version';
import { startWorker } from './worker';

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
  const worker = startWorker();
  const options: Checking = {
    budgets,
    folder,
    workload: workloadFrom(values),
    assumptions: assumptionsOf(values),
    meter: { run: (spec) => worker.run(spec) },
  };
  const results: CheckResult[] = [];
  try {
    for (const path of positionals.length > 0 ? positionals : ['.']) {
      const { files, folder: several } = await expandPath(path);
      for (const file of files) {
        const found = await checkFile(file, options);
        // In a folder other files are expected; one that was named is meant to be read.
        if (!found && !several) throw new CliError(`${file}: cannot be read as source text`);
        results.push(...(found ?? []));
      }
    }
  } finally {
    worker.dispose();
  }
  output.out(render(results, format));
  return results.some((r) => r.level !== 'note') ? 1 : 0;
};

interface Checking {
  readonly budgets: readonly Budget[];
  readonly folder: string;
  readonly workload: Workload;
  readonly assumptions: Assumptions;
  readonly meter: HorizonMeter;
}

/** What there is to say of a file; undefined when it is no text. */
async function checkFile(
  file: string,
  { budgets, folder, workload, assumptions, meter }: Checking,
): Promise<CheckResult[] | undefined> {
  const source = await loadText(file);
  if (source === undefined) return undefined;
  const read = (w: Workload, assume: Budget['assume']): Promise<Analysis> =>
    analyseSource(
      { file: file.replaceAll('\\', '/'), text: source },
      { workload: w, assumptions: assumptionsFrom('setting', assume, assumptions), load: loadText },
    );
  const analysis = await read(workload, {});
  if (analysis.models.length === 0) return [];
  const asRead = { file: analysis.file, text: source };
  const found = [...findingsIn(analysis, asRead), ...(await horizonFindings(analysis, asRead, meter))];
  const results = [
    ...problemsBeside(analysis.problems, found).flatMap(problemResult),
    ...found.map(findingResult),
  ];
  const within = relative(folder, resolve(file)).replaceAll('\\', '/');
  for (const budget of budgetsFor(budgets, within)) {
    const { models } = await read(
      withSizes(workload, budget.sequenceLength, budget.batchSize),
      budget.assume,
    );
    results.push(
      ...budgetResults([...checkBudget(budget, models), ...(await checkHorizon(budget, models, meter))]),
    );
  }
  return results;
}

/** What the reader could not make sense of, as in the editor; errors of syntax are for the language's own tools. */
function problemResult({ code, severity, message, source }: Problem): CheckResult[] {
  if (code === 'python-syntax' || severity === 'info') return [];
  return [{ rule: code, level: severity, message, source }];
}

function findingResult(finding: ReturnType<typeof findingsIn>[number]): CheckResult {
  const severity = defaultSeverity(finding.rule);
  const level = severity === 'error' || severity === 'warning' ? severity : 'note';
  return { rule: finding.rule, level, message: finding.message, source: finding.source };
}

/** What is within its budget needs no line; what cannot be checked is said, and is no failure. */
function budgetResults(results: readonly BudgetResult[]): CheckResult[] {
  return results
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
  const source = await loadText(path);
  if (source === undefined && config === undefined && !existsSync(path))
    return { budgets: [], folder: process.cwd() };
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
