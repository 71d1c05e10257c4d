#!/usr/bin/env node
/**
 * `npm run fuzz`: tries ten times as much as `npm test` does and writes what was tried into docs/hardening.md.
 * `npm run fuzz -- 50` tries fifty times as much.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './lib/children.mjs';
import { machine, writeSection } from './lib/docs-section.mjs';
import { out, root } from './lib/paths.mjs';

const times = Number(process.argv[2] ?? 10);
const statistics = join(out, 'reports', 'fuzz-statistics.json');
const started = performance.now();
const { code } = await run(
  process.execPath,
  [
    ...['--import', 'tsx', 'node_modules/mocha/bin/mocha.js', '--no-config', '--timeout', '0'],
    // Those that try the more the more they are told to.
    ...['budgets', 'cli', 'messages', 'saved', 'source'].map((room) => `test/fuzz/${room}/*.test.ts`),
  ],
  {
    cwd: root,
    env: { ...process.env, RNN_LENS_FUZZ: String(times), RNN_LENS_FUZZ_STATISTICS: statistics },
    timeoutMs: 6 * 3_600_000,
  },
);
if (code !== 0) process.exit(code);

/** @type {{ entry: string, inputs: number, bytes: number, slowest: number }[]} */
const entries = JSON.parse(readFileSync(statistics, 'utf8'));
const rows = entries
  .sort((a, b) => a.entry.localeCompare(b.entry))
  .map(({ entry, inputs, bytes, slowest }) =>
    [entry, inputs.toLocaleString('en'), (bytes / 1e6).toFixed(1), Math.round(slowest)].join(' | '),
  );
const total = entries.reduce((sum, { inputs }) => sum + inputs, 0);
const minutes = ((performance.now() - started) / 60_000).toFixed(0);
const text = [
  'entry point | inputs tried | MB in all | slowest answer, ms of the processor',
  '--- | ---: | ---: | ---:',
  ...rows,
  '',
  `${total.toLocaleString('en')} inputs in ${minutes} minutes, \`npm run fuzz -- ${times}\` on ${await machine()}. None was lost, none hung, none ended the process.`,
];
await writeSection('docs/hardening.md', 'fuzz', text.join('\n'));
console.log(`docs/hardening.md tells of ${total} inputs.`);
