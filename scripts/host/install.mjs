/**
 * Installs a real VS Code (its server and workbench) from the npm registry into the cache, once. About two minutes and
 * 800 MB. An interrupted install is taken up again; two at the same time wait for each other.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from '../lib/children.mjs';
import { withLock } from '../lib/lock.mjs';
import { cache } from '../lib/paths.mjs';
import { ensureThere } from './apt.mjs';
import * as versions from './versions.mjs';

const toolsDir = join(cache, `node-${versions.node}`);
const hostDir = join(cache, `code-server-${versions.codeServer}`);
const log = join(cache, 'install.log');
const nodePackage = `node-${process.platform}-${process.arch}`;
const nodeDir = join(toolsDir, 'node_modules', nodePackage);
const npmCli = join(toolsDir, 'node_modules/npm/bin/npm-cli.js');

const buildTools = [
  { debianPackage: 'python3', provides: 'python3' },
  { debianPackage: 'make', provides: 'make' },
  { debianPackage: 'g++', provides: 'c++' },
  { debianPackage: 'libkrb5-dev', provides: '/usr/include/gssapi/gssapi.h' },
];

/** @typedef {{ node: string, serverMain: string }} Host */

/** @type {Host} */
const host = {
  node: join(nodeDir, 'bin/node'),
  serverMain: join(hostDir, 'node_modules/code-server/lib/vscode/out/server-main.js'),
};

/** Written last, with the versions: its presence means that everything before it went well. */
const stamp = join(hostDir, 'complete');

/** npm hands its settings to what it starts; the nested npm has to find its own, not those of the project's npm. */
function cleanEnvironment() {
  const own =
    /^npm_(config_(user_agent|local_prefix|prefix|global_prefix|node_gyp|nodedir|ignore_scripts)|lifecycle|package|execpath|node_execpath|command)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 * @param {NodeJS.ProcessEnv} env
 */
async function logged(command, args, cwd, env) {
  const file = await open(log, 'a');
  const started = Date.now();
  const ticker = setInterval(() => console.log(`  … ${Math.round((Date.now() - started) / 1000)} s`), 30_000);
  try {
    await file.write(`\n$ ${command} ${args.join(' ')}\n`);
    return await run(command, args, { cwd, env, stdio: ['ignore', file.fd, file.fd], timeoutMs: 900_000 });
  } finally {
    clearInterval(ticker);
    await file.close();
  }
}

/** @param {string} dir */
async function emptyProject(dir) {
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'package.json'), '{ "private": true }\n');
}

/** @param {string} what @param {string} hint */
async function failed(what, hint) {
  const lines = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n');
  const errors = lines.filter((line) => /error|fatal|not found/i.test(line)).slice(-6);
  return new Error(
    [`${what} could not be installed. ${hint}`, ...errors.map((e) => `  ${e}`), `Full log: ${log}`].join(
      '\n',
    ),
  );
}

async function installTools() {
  await emptyProject(toolsDir);
  const wanted = [`${nodePackage}@${versions.node}`, `npm@${versions.npm}`];
  const { code } = await logged(
    'npm',
    ['install', '--no-audit', '--no-fund', ...wanted],
    toolsDir,
    cleanEnvironment(),
  );
  if (code !== 0 || !existsSync(host.node)) {
    throw await failed(`Node ${versions.node}`, 'It comes from the npm registry, which has to be reachable.');
  }
}

async function installServer() {
  await emptyProject(hostDir);
  const env = {
    ...cleanEnvironment(),
    PATH: [join(nodeDir, 'bin'), process.env.PATH].join(delimiter),
    // Compile the native modules against this Node's headers, which lie beside its binary.
    npm_config_nodedir: nodeDir,
  };
  const args = [npmCli, 'install', '--no-audit', '--no-fund', `code-server@${versions.codeServer}`];
  const { code } = await logged(host.node, args, hostDir, env);
  const version = spawnSync(host.node, [host.serverMain, '--version'], { encoding: 'utf8', timeout: 60_000 });
  if (code !== 0 || version.status !== 0) {
    const hint =
      'It comes from the npm registry, and compiling its native modules needs Python 3, make, a C++ compiler and the ' +
      'Kerberos headers (Debian: python3 make g++ libkrb5-dev; Fedora: python3 make gcc-c++ krb5-devel; macOS: Xcode ' +
      'command line tools).';
    throw await failed(`VS Code ${versions.vscode}`, hint);
  }
}

/**
 * @returns {Promise<Host>} the Node binary and the script of the VS Code server.
 * @throws with a plain message when this system cannot have it.
 */
export async function ensureHost() {
  if (process.platform === 'win32') {
    throw new Error(
      'The VS Code server of the npm registry does not install on Windows: install desktop VS Code instead.',
    );
  }
  if (existsSync(stamp)) return host;
  return withLock(join(cache, 'install.lock'), async () => {
    if (existsSync(stamp)) return host;
    await writeFile(log, '');
    console.log(
      `Installing VS Code ${versions.vscode} from the npm registry (once; about two minutes). Log: ${log}`,
    );
    await ensureThere(buildTools, 'compiling the native modules of VS Code');
    if (!existsSync(host.node) || !existsSync(npmCli)) await installTools();
    await rm(stamp, { force: true });
    await installServer();
    await writeFile(stamp, `${JSON.stringify({ codeServer: versions.codeServer, node: versions.node })}\n`);
    return host;
  });
}
