/** One VS Code server and one browser serve all suites: windows are cheap, starting these is not. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../scripts/host/browser.mjs';
import { startServer, type Server } from '../../../scripts/host/server.mjs';
import { linkExtension } from '../../../scripts/host/stage.mjs';

/** A folder with the packaged extension installed: then that one is tested, not the development tree. */
const installed = process.env.RNN_LENS_EXTENSIONS_DIR;

interface Shared {
  readonly server: Server;
  readonly browser: Browser;
  /** Path of the extension under development, unless the packaged one is tested. */
  readonly extension: string | undefined;
  readonly defaultSettings: Record<string, unknown>;
}

let shared: Promise<Shared> | undefined;

async function start(): Promise<Shared> {
  const server = await startServer(installed ? { extensionsDir: installed } : {});
  const defaultSettings = JSON.parse(await readFile(server.settingsPath, 'utf8')) as Record<string, unknown>;
  const extension = installed ? undefined : linkExtension();
  return { server, browser: await launchBrowser(), extension, defaultSettings };
}

/** The server and browser, started on first use. */
export function getShared(): Promise<Shared> {
  shared ??= start();
  return shared;
}

/** The user's settings.json: the defaults of the tests and `changes`. */
export async function settingsText(changes: Readonly<Record<string, unknown>>): Promise<string> {
  const { defaultSettings } = await getShared();
  return JSON.stringify({ ...defaultSettings, ...changes }, null, 2);
}

/** Writes the user's settings, for windows that open from now on. */
export async function resetSettings(changes: Readonly<Record<string, unknown>>): Promise<void> {
  const { server } = await getShared();
  await writeFile(server.settingsPath, await settingsText(changes));
}

/** Ends what was started. */
export async function stopShared(): Promise<void> {
  if (!shared) return;
  const { server, browser } = await shared;
  await browser.close();
  await server.stop();
}
