/**
 * Reads the public files listed in files.json and writes docs/corpus.md: what is read beside what a framework printed for them.
 *
 *   npx tsx test/corpus/run.ts FOLDER [FILTER]
 *
 * FOLDER holds a checkout of each repository, `FOLDER/owner/name`, at the commit that files.json names. None of those files is
 * kept here. With FILTER (a part of a path) only those files are read and nothing is written. Fails when a total is wrong.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyseSource } from '../../src/engine/analyse';
import { assumptionsFrom } from '../../src/engine/assumptions';
import { calledNames, type FindCalls } from '../../src/engine/call-sites';
import type { ModelCost } from '../../src/cost/types';
import { type AssumableValue, DEFAULT_WORKLOAD, formatDim, formatMessage, valueOf } from '../../src/model';

interface Expected {
  readonly name: string;
  readonly variant?: string;
  readonly total: number;
  /** What the run that printed the total was given: sizes that come from data or the command line. */
  readonly assume?: Readonly<Record<string, AssumableValue>>;
  /** Why the same number cannot be expected, in words for the table. */
  readonly note?: string;
}

interface CorpusFile {
  readonly repo: string;
  readonly path: string;
  readonly commit: string;
  readonly models: readonly Expected[];
  readonly note?: string;
}

const ROOT = join(__dirname, '../..');
const [folder, filter] = process.argv.slice(2);
if (!folder) throw new Error('which folder holds the checkouts?');
const files = JSON.parse(readFileSync(join(__dirname, 'files.json'), 'utf8')) as readonly CorpusFile[];

function load(path: string): Promise<string | undefined> {
  const file = folder + path;
  return Promise.resolve(
    existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined,
  );
}

const indexes = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();

function callsIn(repo: string): FindCalls {
  return (names) => {
    let index = indexes.get(repo);
    if (!index) {
      const paths = (readdirSync(join(folder!, repo), { recursive: true }) as string[]).filter((p) =>
        p.endsWith('.py'),
      );
      index = new Map(
        paths.map(
          (p) => [`/${repo}/${p}`, calledNames(readFileSync(join(folder!, repo, p), 'utf8'))] as const,
        ),
      );
      indexes.set(repo, index);
    }
    return Promise.resolve(
      [...index].filter(([, called]) => names.some((n) => called.has(n))).map(([path]) => path),
    );
  };
}

async function read(
  file: CorpusFile,
  assume: Readonly<Record<string, AssumableValue>> = {},
): Promise<readonly ModelCost[]> {
  const path = `/${file.repo}/${file.path}`;
  const text = await load(path);
  if (text === undefined) throw new Error(`${path} is not in the folder`);
  const { models } = await analyseSource(
    { file: path, text },
    {
      workload: DEFAULT_WORKLOAD,
      assumptions: assumptionsFrom('argument', assume),
      load,
      calls: callsIn(file.repo),
    },
  );
  return models;
}

function totalOf(cost: ModelCost): number | undefined {
  return cost.params && valueOf(cost.params.total);
}

function unknownsOf(costs: readonly ModelCost[]): string {
  const names = new Set<string>();
  const reasons = new Set<string>();
  for (const { model, unknown } of costs) {
    model.unknowns.forEach((u) => names.add(`\`${u.name}\``));
    unknown.forEach((u) => reasons.add(formatMessage(u)));
  }
  const said = names.size > 0 ? [...names] : [...reasons];
  return said.length > 4 ? `${said.slice(0, 4).join(', ')} …` : said.join(', ');
}

type Verdict = 'exact' | 'assumed' | 'unknown' | 'wrong';

async function judge(file: CorpusFile, expected: Expected): Promise<{ verdict: Verdict; text: string }> {
  const named = (costs: readonly ModelCost[]) =>
    costs.filter((c) => expected.name === '' || c.model.name === expected.name);
  const plain = named(await read(file));
  const hit = plain.find((c) => totalOf(c) === expected.total);
  if (hit) {
    const built = hit.model.construction?.source.file;
    const where =
      built !== undefined && built !== `/${file.repo}/${file.path}`
        ? `, as built in ${built.split('/').slice(3).join('/')}`
        : '';
    return { verdict: 'exact', text: `exact${where}` };
  }
  const open = plain.filter((c) => totalOf(c) === undefined);
  if (expected.assume && Object.keys(expected.assume).length > 0) {
    const given = named(await read(file, expected.assume));
    if (given.some((c) => totalOf(c) === expected.total)) {
      const names = Object.keys(expected.assume)
        .map((n) => `\`${n}\``)
        .join(', ');
      // Where the plain reading gave another number, that is the number of other arguments, which it names.
      return { verdict: 'assumed', text: `exact with ${names} given` };
    }
    const known = given.map(totalOf).filter((t) => t !== undefined);
    if (given.length > 0 && known.length === given.length)
      return { verdict: 'wrong', text: `WRONG: ${known.join(', ')}` };
    return {
      verdict: 'unknown',
      text: `unknown: ${unknownsOf(given.filter((c) => totalOf(c) === undefined))}`,
    };
  }
  if (plain.length === 0) return { verdict: 'unknown', text: 'not found' };
  if (open.length === 0) return { verdict: 'wrong', text: `WRONG: ${plain.map(totalOf).join(', ')}` };
  return { verdict: 'unknown', text: `unknown: ${unknownsOf(open)}` };
}

/** Files for which nobody printed a total: what is read of them. */
function summary(costs: readonly ModelCost[]): string {
  const of = (c: ModelCost) => {
    const total = c.params && formatDim(c.params.total);
    const text =
      total === undefined
        ? `unknown: ${unknownsOf([c])}`
        : total.length > 60
          ? `formula in ${unknownsOf([c])}`
          : total;
    return `${c.model.name}: ${/^\d+$/.test(text) ? Number(text).toLocaleString('en-US') : text}`;
  };
  const lines = [...new Set(costs.map(of))];
  return lines.length > 4 ? `${lines.slice(0, 4).join('; ')}; ${lines.length - 4} more` : lines.join('; ');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |`;
}

async function main(): Promise<void> {
  const rows: string[] = [];
  const count = { exact: 0, assumed: 0, unknown: 0, wrong: 0 };
  for (const file of files) {
    if (filter && !`${file.repo}/${file.path}`.includes(filter)) continue;
    const name = `${file.repo} ${file.path}`;
    if ((await load(`/${file.repo}/${file.path}`)) === undefined) {
      rows.push(row([name, '', '', 'not tried: not among the checkouts']));
      continue;
    }
    if (file.note) {
      rows.push(row([name, '', '', file.note]));
      console.log(rows.at(-1));
      continue;
    }
    if (file.models.length === 0)
      rows.push(row([name, '', '', summary(await read(file)) || 'no model read']));
    for (const expected of file.models) {
      const { verdict, text } = await judge(file, expected);
      count[verdict]++;
      const model = `${expected.name}${expected.variant ? ` (${expected.variant})` : ''}`;
      rows.push(
        row([
          name,
          model,
          expected.total.toLocaleString('en-US'),
          expected.note && verdict !== 'exact' ? `${text}. ${expected.note}` : text,
        ]),
      );
      console.log(rows.at(-1));
    }
    if (file.models.length === 0) console.log(rows.at(-1));
  }
  console.log(JSON.stringify(count));
  if (!filter) {
    const intro = readFileSync(join(__dirname, 'intro.md'), 'utf8').replace(
      /\{(\w+)\}/g,
      (_, key: keyof typeof count) => String(count[key]),
    );
    writeFileSync(
      join(ROOT, 'docs/corpus.md'),
      `${intro}\n${row(['file', 'model', 'total', 'read'])}\n${row(['---', '---', '---:', '---'])}\n${rows.join('\n')}\n`,
    );
  }
  if (count.wrong > 0) process.exitCode = 1;
}

void main();
