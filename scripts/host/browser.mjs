/** Starts the browser that shows the workbench. */
import { chromium } from 'playwright-core';
import { ensureChromium } from './chromium.mjs';

/** @param {{ headless?: boolean }} [options] */
export async function launchBrowser({ headless = true } = {}) {
  return chromium.launch({
    executablePath: await ensureChromium(),
    headless,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
