/** Parts of the documentation that commands write. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './paths.mjs';

/**
 * Puts text between `<!-- name -->` and `<!-- /name -->`.
 *
 * @param {string} file relative to the repository
 * @param {string} name
 * @param {string} text Markdown
 */
export async function writeSection(file, name, text) {
  const path = join(root, file);
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const whole = readFileSync(path, 'utf8');
  const [from, to] = [whole.indexOf(begin), whole.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no part called ${name}.`);
  const changed = `${whole.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${whole.slice(to)}`;
  writeFileSync(path, await format(changed, { ...(await resolveConfig(path)), filepath: path }));
}

/** The machine that numbers were taken on, in one line. */
export async function machine() {
  const { cpus, totalmem } = await import('node:os');
  const [first] = cpus();
  const model = first?.model.trim() || 'unnamed processor';
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}/${process.arch}, Node ${process.versions.node}`;
}
