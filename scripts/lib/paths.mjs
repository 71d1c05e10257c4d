/** Places in the repository that the scripts share. Node built-ins only: used before `npm ci` has run. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Downloads that outlive a run (the VS Code used for tests). Ignored by git. */
export const cache = join(root, '.vscode-test');

/** What test runs write: bundled suites, reports, pictures. Ignored by git. */
export const out = join(root, 'out');
