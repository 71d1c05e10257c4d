/** The licences of the packages whose code is in the bundles. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

/**
 * The folder of the package that a bundled file belongs to, or undefined for a file of the project.
 *
 * @param {string} path as esbuild names it, relative to the repository
 */
function packageFolder(path) {
  const parts = path.split('/');
  const at = parts.lastIndexOf('node_modules');
  if (at < 0) return undefined;
  const scoped = parts[at + 1]?.startsWith('@');
  return parts.slice(0, at + (scoped ? 3 : 2)).join('/');
}

/** The text of the Apache License for packages that name it and do not bring it (those of tfjs). */
const apache = () => readFileSync(join(root, 'node_modules/typescript/LICENSE.txt'), 'utf8').trim();

/**
 * A package's licence: its licence files, or what its readme says under a heading of that name, or the text of the
 * licence that its manifest names.
 *
 * @param {string} folder
 * @param {{ name: string, license?: string }} manifest
 */
function licenceText(folder, { name, license }) {
  const files = readdirSync(join(root, folder)).sort();
  const read = (/** @type {string} */ file) => readFileSync(join(root, folder, file), 'utf8').trim();
  const texts = files.filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).map(read);
  if (texts.length > 0) return texts.join('\n\n');
  const readme = files.find((file) => /^readme/i.test(file));
  const section =
    readme === undefined ? undefined : /^#*\s*licen[cs]e.*\n[^]*copyright[^]*/im.exec(read(readme))?.[0];
  if (section !== undefined) return section.trim();
  if (license === 'Apache-2.0') return apache();
  throw new Error(`${name} is bundled and its licence (${license}) has no text in ${folder}.`);
}

/** @param {string} folder */
function notice(folder) {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  return `${manifest.name} ${manifest.version} (${manifest.license})\n\n${licenceText(folder, manifest)}`;
}

/**
 * @param {import('esbuild').Metafile[]} metafiles of every bundle
 * @param {string[]} [copied] other files of packages that are shipped as they are
 * @returns {string} one text with the notice of each package, in alphabetical order
 */
export function licenceNotices(metafiles, copied = []) {
  const inputs = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) =>
      Object.entries(output.inputs)
        .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
        .map(([path]) => path),
    ),
  );
  const folders = new Set([...inputs, ...copied].flatMap((path) => packageFolder(path) ?? []));
  const present = [...folders].filter((folder) => existsSync(join(root, folder, 'package.json'))).sort();
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  return `RNN Lens contains code of the packages below.${rule}${present.map(notice).join(rule)}\n`;
}
