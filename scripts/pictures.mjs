// Copies the pictures that the documentation shows from where `npm test -- ui` left them.
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '..', '..');
const from = join(root, 'out', 'pictures');
const to = join(root, 'docs', 'pictures');
const shown = ['hover', 'panel-dark', 'panel-gradient-flow', 'panel-chinese'];

const missing = shown.filter((name) => !existsSync(join(from, `${name}.png`)));
if (missing.length > 0) {
  console.error(`Not there: ${missing.join(', ')}. Run \`npm test -- ui\` first.`);
  process.exit(1);
}
mkdirSync(to, { recursive: true });
for (const name of shown) copyFileSync(join(from, `${name}.png`), join(to, `${name}.png`));
console.log(`${shown.length} pictures copied to docs/pictures.`);
