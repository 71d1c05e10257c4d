#!/usr/bin/env node
/**
 * `npm start`: builds RNN Lens, shows its answer for one example in the terminal, and opens a VS Code with it on the
 * examples: desktop VS Code where there is one, else one from the npm registry, served on this machine.
 *
 *   npm start                 stays up until Ctrl-C when it serves
 *   npm start -- --check      renders the comparison panel without a window, saves its picture, exits
 *
 * Node built-ins only, until the dependencies are installed.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './lib/children.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { root } from './lib/paths.mjs';

const examples = join(root, 'examples');
const showcase = 'examples/pytorch/text_classification.py';

const { values: options } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

/**
 * Runs one step in Node; ends this process when it fails.
 *
 * @param {string} what names the step, for the message
 * @param {string[]} args
 * @param {number} minutes
 */
async function step(what, args, minutes) {
  const { code, timedOut } = await run(process.execPath, args, { cwd: root, timeoutMs: minutes * 60_000 });
  if (code === 0) return;
  console.error(timedOut ? `${what} took over ${minutes} minutes.` : `${what} failed.`);
  process.exit(1);
}

/** Serves VS Code until it is told to stop. */
async function serve() {
  const { startServer } = await import('./host/server.mjs');
  const { windowAddress } = await import('./host/address.mjs');
  const { linkExtension } = await import('./host/stage.mjs');
  const server = await startServer({ port: '8100-8199' });
  console.log('\nVS Code with RNN Lens on examples/ is at:\n');
  console.log(`  ${windowAddress(server, { folder: examples, extension: linkExtension() })}\n`);
  console.log('Ctrl-C ends it.');
  await server.ended;
}

await ensureDependencies();
await step('The build', ['scripts/build.mjs'], 2);
console.log(`\n$ rnn-lens compare ${showcase}\n`);
await step('The comparison', ['dist/cli.js', 'compare', showcase], 1);

try {
  const { hasDisplay, installedDesktop, openDesktop } = await import('./host/desktop.mjs');
  const desktop = hasDisplay() ? installedDesktop() : undefined;
  if (options.check) {
    await step('The check', ['--import', 'tsx', 'scripts/check.mts', showcase], 15);
  } else if (desktop !== undefined) {
    openDesktop(desktop, { folder: examples, extension: root });
    console.log(`\nOpened ${desktop} with RNN Lens on examples/.`);
  } else {
    await serve();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
process.exit(0);
