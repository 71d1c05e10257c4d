import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ROOT = join(__dirname, '../../..');

function pages(): string[] {
  const here = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true }) as string[];
  return [...here, ...docs.filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
}

/** The anchor that GitHub gives a heading. */
const anchor = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function anchorsOf(path: string): string[] {
  return [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading!));
}

describe('The documentation', () => {
  for (const page of pages()) {
    it(`${page}: every link within the repository leads somewhere`, () => {
      const text = readFileSync(join(ROOT, page), 'utf8').replace(/```[^]*?```/g, '');
      for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/i.test(target!)) continue;
        const [path, fragment] = target!.split('#') as [string, string?];
        const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path);
        assert.ok(existsSync(file), `${page}: ${target}`);
        if (fragment !== undefined && file.endsWith('.md'))
          assert.ok(
            anchorsOf(file).includes(fragment),
            `${page}: ${relative(ROOT, file)} has no #${fragment}`,
          );
      }
    });
  }
});
