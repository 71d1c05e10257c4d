/**
 * What a user would run instead, on the same file in the same run: torchinfo, ptflops and fvcore on a PyTorch file, `summary()` on a Keras
 * file. `first` is from nothing to the count: a process each, its imports and the file's. `hover` is one more question, with all of that kept.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareLayer } from '../../../src/compare';
import { analyseSource } from '../../../src/engine/analyse';
import { DEFAULT_WORKLOAD, isRecurrent, valueOf } from '../../../src/model';
import { layerMarkdown } from '../../../src/report/hover-markdown';
import { ROOT, countersPython, kerasPython } from '../python';
import { type BenchRow, report, timed } from '../report';

interface Answer {
  readonly first: number;
  readonly again: number;
  readonly megabytes: number;
  readonly count: number;
}

const FILES = [
  {
    on: 'PyTorch text classifier',
    file: 'examples/pytorch/text_classification.py',
    tools: ['torchinfo', 'ptflops', 'fvcore'],
  },
  { on: 'Keras text classifier', file: 'examples/keras/text_classification.py', tools: ['keras'] },
] as const;

const NAMES = {
  torchinfo: 'torchinfo',
  ptflops: 'ptflops',
  fvcore: 'fvcore',
  keras: 'Keras summary()',
} as const;

function ask(tool: keyof typeof NAMES, file: string): Answer | { readonly absent: string } {
  const python = tool === 'keras' ? kerasPython() : countersPython();
  if (python === undefined) return { absent: `${NAMES[tool]}: could not be installed` };
  const script = join(import.meta.dirname, 'summaries.py');
  const { stdout } = spawnSync(python, [script, tool, join(ROOT, file)], { encoding: 'utf8' });
  return JSON.parse(stdout.trim().split('\n').at(-1) || `{"absent":"${tool}: no answer"}`) as Answer;
}

/** The shipped CLI in a process of its own. */
function cli(file: string): Answer {
  const start = performance.now();
  const script = join(import.meta.dirname, 'cli-in-process.mjs');
  const child = spawnSync(process.execPath, [script, 'analyze', join(ROOT, file), '--json'], {
    encoding: 'utf8',
  });
  const first = performance.now() - start;
  const { files } = JSON.parse(child.stdout) as {
    files: { models: { params: { total: number } }[] }[];
  };
  const megabytes = Number(child.stderr.trim().split('\n').at(-1)) / 1024;
  return { first, again: 0, megabytes, count: files[0]!.models[0]!.params.total };
}

/** What a hover does on a file that has just changed: read, count, compare, write. */
async function hover(file: string): Promise<{ ms: number; count: number }> {
  const text = readFileSync(join(ROOT, file), 'utf8');
  let count: number | undefined;
  const ms = await timed(async () => {
    const { models } = await analyseSource(
      { file, text },
      { workload: DEFAULT_WORKLOAD, assumptions: new Map(), load: () => Promise.resolve(undefined) },
    );
    const [cost] = models;
    const layer = cost!.layers.find((l) => isRecurrent(l.layer))!;
    if (!isRecurrent(layer.layer)) throw new Error('no recurrent layer');
    layerMarkdown(layer, compareLayer(layer.layer, cost!.model, DEFAULT_WORKLOAD), DEFAULT_WORKLOAD);
    count = valueOf(cost!.params!.total);
  });
  return { ms, count: count! };
}

async function main(): Promise<void> {
  for (const { on, file, tools } of FILES) {
    const terminal = cli(file);
    const { ms, count } = await hover(file);
    if (terminal.count !== count) throw new Error('the terminal and the hover count differently');
    for (const tool of tools) {
      const answer = ask(tool, file);
      const theirs = 'absent' in answer ? undefined : answer;
      // A comparison of two different answers would say nothing.
      if (theirs && theirs.count !== count) throw new Error(`${tool} counts ${theirs.count}, not ${count}`);
      const other = (value: number | undefined): NonNullable<BenchRow['other']> =>
        value === undefined ? (answer as { absent: string }) : { tool: NAMES[tool], value };
      report({ what: 'first count', on, ours: terminal.first, unit: 'ms', other: other(theirs?.first) });
      report({ what: 'hover, file changed', on, ours: ms, unit: 'ms', other: other(theirs?.again) });
      report({
        what: 'memory, peak',
        on,
        ours: terminal.megabytes,
        unit: 'MB',
        other: other(theirs?.megabytes),
      });
    }
  }
}

void main();
