/**
 * What the extension costs inside a real VS Code: its activation, a hover in a file of 2,000 lines, and finding the models of a workspace of
 * 10,000 Python files (1 in 50 holds one) with somebody typing meanwhile. `host.ts` measures in the extension host; this starts it.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import { chooseVSCode } from '../../../scripts/host/choose.mjs';
import { quietSettings } from '../../../scripts/host/settings.mjs';
import { linkExtension } from '../../../scripts/host/stage.mjs';
import { root } from '../../../scripts/lib/paths.mjs';
import { makeScratch } from '../../../scripts/lib/scratch.mjs';
import { report, type BenchRow } from '../report';

const FILES = 10_000;
const ONE_IN = 50;

/** Code that mentions no model, as most code does. */
const plain = (i: number) =>
  `"""Helpers ${i}."""\nimport os\n\n\ndef load_${i}(path, size=${i}):\n    with open(os.path.join(path, "${i}.txt")) as file:\n        return [float(line) for line in file][:size]\n`;

const model = (i: number) =>
  `import torch.nn as nn\n\n\nclass Model${i}(nn.Module):\n    def __init__(self, hidden=${8 + i}):\n        super().__init__()\n        self.embedding = nn.Embedding(1000, 64)\n        self.rnn = nn.LSTM(64, hidden, 2, batch_first=True)\n        self.out = nn.Linear(hidden, 10)\n\n    def forward(self, x):\n        out, _ = self.rnn(self.embedding(x))\n        return self.out(out[:, -1])\n`;

/** 40 classes of 50 lines. */
function longFile(): string {
  const filler = Array.from(
    { length: 33 },
    (_, j) => `    # Line ${j} of what people write about their models.\n`,
  ).join('');
  return `import torch.nn as nn\n${Array.from({ length: 40 }, (_, i) => `\n\n${model(i).split('\n\n\n')[1]!}\n${filler}`).join('')}`;
}

function makeWorkspace(): string {
  const folder = makeScratch('bench-workspace');
  for (let i = 0; i < FILES; i++) {
    const directory = join(folder, `package_${i % 100}`);
    if (i < 100) mkdirSync(directory);
    writeFileSync(join(directory, `module_${i}.py`), i % ONE_IN === 0 ? model(i) : plain(i));
  }
  writeFileSync(join(folder, 'long.py'), longFile());
  return folder;
}

async function main(): Promise<void> {
  const suite = join(makeScratch('bench-suite'), 'host.js');
  await esbuild.build({
    entryPoints: [join(import.meta.dirname, 'host.ts')],
    outfile: suite,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode'],
  });
  const vscode = await chooseVSCode();
  const user = makeScratch('bench-user');
  mkdirSync(join(user, 'User'));
  writeFileSync(join(user, 'User/settings.json'), JSON.stringify(quietSettings));
  const rows = join(makeScratch('bench-rows'), 'rows.json');
  await runTests({
    vscodeExecutablePath: vscode.executable,
    extensionDevelopmentPath: vscode.isStandIn ? linkExtension() : root,
    extensionTestsPath: suite,
    extensionTestsEnv: { RNN_LENS_BENCH: rows, RNN_LENS_BENCH_MODELS: String(FILES / ONE_IN + 40) },
    launchArgs: [
      makeWorkspace(),
      `--user-data-dir=${user}`,
      `--extensions-dir=${makeScratch('bench-extensions')}`,
    ],
  });
  for (const row of JSON.parse(readFileSync(rows, 'utf8')) as BenchRow[]) report(row);
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
