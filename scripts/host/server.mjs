/** Runs the VS Code server of the npm registry on a loopback port. */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { start, stop } from '../lib/children.mjs';
import { makeScratch, removeScratch } from '../lib/scratch.mjs';
import { ensureHost } from './install.mjs';
import { quietSettings } from './settings.mjs';

const startTimeoutMs = 60_000;

/**
 * @typedef {object} ServerOptions
 * @property {string} [port] a port or a range such as `8100-8199`; by default any free port
 * @property {string} [extensionsDir] installed extensions; by default none
 * @property {Record<string, unknown>} [settings] user settings on top of the quiet ones
 * @property {NodeJS.ProcessEnv} [env] variables that the extension host shall see
 */

/**
 * @typedef {object} Server
 * @property {string} origin host and port, as in `127.0.0.1:8100`
 * @property {string} token what a browser has to present to be let in
 * @property {string} settingsPath the user's settings.json; VS Code takes up changes to it
 * @property {Promise<void>} ended resolves when the server is gone, for whatever reason
 * @property {() => Promise<void>} stop ends the server with its extension hosts and removes its data
 */

/**
 * The part of a child's output up to the port it listens on.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<string>}
 */
function listeningPort(child) {
  return new Promise((resolve, reject) => {
    let text = '';
    /** @param {string} reason */
    const fail = (reason) =>
      reject(new Error(`The VS Code server ${reason}. It said:\n${text.trim().slice(-2000)}`));
    const timer = setTimeout(() => fail(`did not listen within ${startTimeoutMs / 1000} s`), startTimeoutMs);
    /** @param {Buffer} chunk */
    const read = (chunk) => {
      text += chunk.toString();
      const port = /Extension host agent listening on (\d+)/.exec(text)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(port);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => fail(`did not start (${error.message})`));
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code}`);
    });
  });
}

/**
 * @param {ServerOptions} [options]
 * @returns {Promise<Server>}
 */
export async function startServer({ port = '0', extensionsDir, settings = {}, env = {} } = {}) {
  const host = await ensureHost();
  const data = makeScratch('vscode');
  const settingsPath = join(data, 'user/User/settings.json');
  await mkdir(join(data, 'user/User'), { recursive: true });
  await writeFile(settingsPath, JSON.stringify({ ...quietSettings, ...settings }, null, 2));
  // Without a token every web page in the user's browser could talk to the server.
  const token = randomBytes(16).toString('hex');
  const child = start(
    host.node,
    [
      host.serverMain,
      ...['--host', '127.0.0.1', '--port', port, '--connection-token', token],
      ...['--server-data-dir', join(data, 'server'), '--user-data-dir', join(data, 'user')],
      ...['--extensions-dir', extensionsDir ?? join(data, 'extensions')],
      // Honour the development path of an extension, given in the page's address.
      '--enable-smoke-test-driver',
      ...['--accept-server-license-terms', '--disable-telemetry', '--disable-workspace-trust'],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } },
  );
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => child.once('exit', () => resolve()));
  const end = async () => {
    await stop(child);
    removeScratch(data);
  };
  try {
    return { origin: `127.0.0.1:${await listeningPort(child)}`, token, settingsPath, ended, stop: end };
  } catch (error) {
    await end();
    throw error;
  }
}
