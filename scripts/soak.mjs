#!/usr/bin/env node
/** `npm run soak`: a thousand mixed operations in the extension host of a real VS Code; the memory curve goes into docs/hardening.md. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './lib/children.mjs';
import { machine, writeSection } from './lib/docs-section.mjs';
import { out, root } from './lib/paths.mjs';

/** @param {string[]} args */
async function step(args) {
  const { code } = await run(process.execPath, args, { cwd: root, timeoutMs: 20 * 60_000 });
  if (code !== 0) process.exit(code);
}

mkdirSync(join(out, 'reports'), { recursive: true });
await step(['scripts/build.mjs']);
await step(['scripts/host/run-extension-tests.mjs', '--soak']);

/** @type {{ operations: number, heap: number, buffers: number, process: number, seconds: number }[]} */
const points = JSON.parse(readFileSync(join(out, 'reports/soak-curve.json'), 'utf8'));
const megabytes = points.map(({ heap, buffers }) => ((heap + buffers) / 1e6).toFixed(1));
const last = points.at(-1);
const text = [
  '```mermaid',
  'xychart-beta',
  '  title "Live memory of the extension host, MB"',
  `  x-axis "operations" [${points.map(({ operations }) => operations).join(', ')}]`,
  `  y-axis "MB" 0 --> ${Math.ceil(Math.max(...megabytes.map(Number)) * 1.2)}`,
  `  line [${megabytes.join(', ')}]`,
  '```',
  '',
  'operations | live memory, MB | process, MB',
  '---: | ---: | ---:',
  ...points.map(
    ({ operations, process: rss }, i) => `${operations} | ${megabytes[i]} | ${(rss / 1e6).toFixed(0)}`,
  ),
  '',
  `${last?.operations} operations in ${((last?.seconds ?? 0) / 60).toFixed(1)} minutes, \`npm run soak\` on ${await machine()}.`,
];
await writeSection('docs/hardening.md', 'soak', text.join('\n'));
console.log('docs/hardening.md shows the curve.');
