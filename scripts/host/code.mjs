#!/usr/bin/env node
/**
 * A stand-in for the `code` binary, to be given to @vscode/test-electron where desktop VS Code cannot be had: takes the
 * same flags, runs the extension's tests in the extension host of the VS Code server, and exits with their verdict.
 *
 *   code.mjs --extensionDevelopmentPath=… --extensionTestsPath=… [--extensions-dir=…] [--extensionDevelopmentKind=web] FOLDER
 */
import { format, parseArgs } from 'node:util';
import { windowAddress } from './address.mjs';
import { launchBrowser } from './browser.mjs';
import { startServer } from './server.mjs';

/** How long a window may stay without a verdict. Suites have a limit of their own, well under this. */
const timeoutMs = 900_000;

/** The first words that the test harness (test/extension/index.ts) prints. */
const testsBegin = 'RNN Lens tests';

const { values, positionals } = parseArgs({
  // Flags for Electron (--no-sandbox and the like) mean nothing here.
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    extensionDevelopmentKind: { type: 'string' },
    'extensions-dir': { type: 'string' },
  },
});

/** What was logged before the tests began: the window's own chatter, of interest only if they never do. */
/** @type {string[]} */
const chatter = [];
let testsBegan = false;

/** What the window goes on logging while tests run: its services by name, and lookups of a gallery that is not there. */
const windowNoise = /^(\[[A-Z][A-Za-z]+([#:]\w+)?\] |getaddrinfo )/;

/**
 * Prints what the tests write on the console of the extension host; the window's own log arrives in the same stream.
 *
 * @param {string} _type
 * @param {unknown[]} args
 */
function printLog(_type, args) {
  // Frames inside VS Code say nothing about the extension; what the window itself throws has no others.
  const frames = format(...args).split('\n');
  const line = frames.filter((frame) => !/\/(workbench|extensionHostProcess)\.js:/.test(frame)).join('\n');
  testsBegan ||= line.startsWith(testsBegin);
  if (!testsBegan) chatter.push(line);
  else if (!windowNoise.test(line)) console.log(line);
}

/** @param {unknown} value */
const text = (value) => (typeof value === 'string' ? value : undefined);

const folder = positionals.at(-1);
if (folder === undefined) throw new Error('The folder to open is missing.');
const web = values.extensionDevelopmentKind === 'web';
const server = await startServer({
  extensionsDir: text(values['extensions-dir']),
  // A browser's VS Code has no flag for this (seen in 1.139): where there is Node, extensions prefer it.
  settings: web ? { 'remote.extensionKind': { 'rnn-lens.rnn-lens': ['web'] } } : {},
});
const browser = await launchBrowser();
let code;
try {
  const page = await browser.newPage();
  /** @type {Promise<number>} */
  const verdict = new Promise((resolve) => {
    void page.exposeFunction('codeAutomationLog', printLog);
    void page.exposeFunction('codeAutomationExit', resolve);
    page.once('crash', () => resolve(1));
    setTimeout(() => {
      console.error(`No verdict within ${timeoutMs / 1000} s.`);
      resolve(1);
    }, timeoutMs).unref();
  });
  await page.goto(
    windowAddress(server, {
      folder,
      extension: text(values.extensionDevelopmentPath),
      tests: text(values.extensionTestsPath),
    }),
  );
  code = await verdict;
  if (!testsBegan) console.error(chatter.join('\n'));
} finally {
  await browser.close();
  await server.stop();
}
process.exit(code);
