#!/usr/bin/env node
/**
 * `npm test`: everything, on a machine that has Node and npm and nothing else. Sets up what it needs, runs each suite,
 * and ends with one line: how many passed, how many failed.
 *
 *   npm test                           all suites
 *   npm test -- unit extension         only these (types, lint, format, unit, fuzz, extension, ui, vsix, web)
 *   npm test -- ui --grep "hover"      only tests whose title matches
 *
 * Node built-ins only, until the dependencies are installed.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './lib/children.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { out, root } from './lib/paths.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string[]} args of Node
 * @property {number} minutes after which it is ended and counts as failed
 * @property {boolean} [inHost] needs the bundles and a VS Code
 * @property {boolean} [counts] writes a report with the number of its tests; otherwise it is one check
 */

const mocha = 'node_modules/mocha/bin/mocha.js';

/** @type {Suite[]} */
const suites = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], minutes: 3 },
  { name: 'lint', args: ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'], minutes: 4 },
  { name: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '.'], minutes: 2 },
  { name: 'unit', args: [mocha], minutes: 3, counts: true },
  { name: 'fuzz', args: [mocha, '--config', 'test/fuzz/.mocharc.json'], minutes: 5, counts: true },
  {
    name: 'extension',
    args: ['scripts/host/run-extension-tests.mjs'],
    minutes: 6,
    inHost: true,
    counts: true,
  },
  { name: 'ui', args: [mocha, '--config', 'test/ui/.mocharc.json'], minutes: 10, inHost: true, counts: true },
  // These last, for they leave the bundles minified.
  {
    name: 'vsix',
    args: ['scripts/host/run-extension-tests.mjs', '--vsix'],
    minutes: 6,
    inHost: true,
    counts: true,
  },
  {
    name: 'web',
    args: ['scripts/host/run-extension-tests.mjs', '--web'],
    minutes: 6,
    inHost: true,
    counts: true,
  },
];

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string' } },
});
const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(
    `No suite is called ${unknown.join(', ')}. Suites: ${suites.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
const chosen = suites.filter(({ name }) => names.length === 0 || names.includes(name));

/** @typedef {{ name: string, passed: number, failed: number, note?: string }} Outcome */

/** @param {Suite} suite @returns {Promise<Outcome>} */
async function runSuite({ name, args, minutes, counts }) {
  const report = join(out, 'reports', `${name}.json`);
  rmSync(report, { force: true });
  const grep = options.grep === undefined ? {} : { RNN_LENS_GREP: options.grep };
  const grepArgs = options.grep !== undefined && args[0] === mocha ? ['--grep', options.grep] : [];
  const { code, timedOut } = await run(process.execPath, [...args, ...grepArgs], {
    cwd: root,
    env: { ...process.env, ...grep, RNN_LENS_REPORT: report },
    timeoutMs: minutes * 60_000,
  });
  const ended = timedOut ? `ended after ${minutes} minutes` : `exit code ${code}`;
  if (!counts)
    return code === 0 ? { name, passed: 1, failed: 0 } : { name, passed: 0, failed: 1, note: ended };
  const { passed, failed } = readReport(report);
  if (passed + failed === 0) return { name, passed, failed: 1, note: `no test ran (${ended})` };
  // A run that broke off, or whose last hook failed, is not a pass whatever was counted before.
  if (code !== 0 && failed === 0) return { name, passed, failed: 1, note: ended };
  return { name, passed, failed };
}

/** @param {string} path @returns {{ passed: number, failed: number }} */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 0 };
  }
}

/** Bundles and a VS Code for the suites that need them. Throws with a plain message where they cannot be had. */
async function prepareHost() {
  const { code } = await run(process.execPath, ['scripts/build.mjs'], { cwd: root, timeoutMs: 120_000 });
  if (code !== 0) throw new Error('The build failed.');
  const { chooseVSCode } = await import('./host/choose.mjs');
  const { isStandIn } = await chooseVSCode();
  if (!isStandIn && !chosen.some(({ name }) => name === 'ui')) return;
  const { ensureHost } = await import('./host/install.mjs');
  const { ensureChromium } = await import('./host/chromium.mjs');
  await ensureHost();
  await ensureChromium();
}

await ensureDependencies();
mkdirSync(join(out, 'reports'), { recursive: true });

/** @type {Outcome[]} */
const outcomes = [];
/** @type {string | undefined} */
let hostProblem;
let hostReady = false;
for (const suite of chosen) {
  console.log(`\n── ${suite.name}`);
  if (suite.inHost && !hostReady && hostProblem === undefined) {
    await prepareHost().then(
      () => (hostReady = true),
      (error) => (hostProblem = error instanceof Error ? error.message : String(error)),
    );
  }
  if (suite.inHost && hostProblem !== undefined) {
    console.error(hostProblem);
    outcomes.push({ name: suite.name, passed: 0, failed: 1, note: 'could not be run' });
    continue;
  }
  const started = performance.now();
  outcomes.push(await runSuite(suite));
  console.log(`   ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

console.log('');
for (const { name, passed, failed, note } of outcomes) {
  console.log(
    `${failed === 0 ? '✔' : '✘'} ${name}: ${passed} passed, ${failed} failed${note ? ` (${note})` : ''}`,
  );
}
const total = outcomes.reduce(
  (sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }),
  { passed: 0, failed: 0 },
);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 ? 0 : 1);
