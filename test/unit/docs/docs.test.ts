import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { HELP } from '../../../src/cli/help';
import { TOOLS } from '../../../src/engine/tools';
import { cli } from '../cli/harness';

const ROOT = join(__dirname, '../../..');
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe('documentation', () => {
  for (const page of PAGES) {
    it(`${page}: links lead somewhere`, () => {
      const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)].map((m) => m[1]!);
      const missing = links.filter((link) => !existsSync(join(ROOT, dirname(page), link)));
      assert.deepEqual(missing, []);
    });
  }

  it('docs/cli.md prints what the CLI prints', async () => {
    const examples = [...read('docs/cli.md').matchAll(/```text\n\$ rnn-lens (.*)\n([\s\S]*?)```/g)];
    assert.ok(examples.length >= 3);
    for (const [, args, shown] of examples) {
      const { out } = await cli(...args!.split(' '));
      assertShown(out, shown!.trimEnd().split('\n'), args!);
    }
  });

  it('docs/cli.md names every command and option of the help, and no other', () => {
    const page = read('docs/cli.md');
    const words = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map((m) => m[0]));
    for (const pattern of [/--[a-z][a-z-]+/g, /rnn-lens (?:analyze|explain|compare|gradient|check|mcp)/g])
      assert.deepEqual([...words(page, pattern)].sort(), [...words(HELP, pattern)].sort());
  });

  it('docs/mcp.md names every tool and argument, and no other', () => {
    const page = read('docs/mcp.md');
    const named = [...page.matchAll(/`(rnn-lens_\w+)`/g)].map((m) => m[1]);
    assert.deepEqual(named.sort(), TOOLS.map((t) => t.name).sort());
    const properties = new Set(TOOLS.flatMap((t) => Object.keys(t.inputSchema.properties)));
    for (const name of properties) assert.ok(page.includes(`\`${name}\``), name);
  });

  it('docs/json.md names the fields of the schemas', () => {
    const page = read('docs/json.md');
    for (const command of ['analyze', 'explain', 'compare']) {
      const schema = JSON.parse(read(`media/schemas/${command}.schema.json`)) as unknown;
      for (const name of fieldsOf(schema))
        assert.ok(new RegExp(`\\b${name}\\b`).test(page), `${command}: ${name}`);
    }
  });

  it('README.zh-cn.md has the sections of README.md', () => {
    const shape = (name: string) => [...read(name).matchAll(/^(#+) /gm)].map((m) => m[1]);
    assert.deepEqual(shape('README.zh-cn.md'), shape('README.md'));
  });
});

/** Compares line by line; a line `…` stands for any lines. */
function assertShown(out: string, shown: readonly string[], label: string): void {
  const lines = out.split('\n').map((line) => line.trimEnd());
  let at = 0;
  let skipping = false;
  for (const wanted of shown) {
    if (wanted === '…') {
      skipping = true;
      continue;
    }
    const found = skipping ? lines.indexOf(wanted.trimEnd(), at) : lines[at] === wanted.trimEnd() ? at : -1;
    assert.ok(found >= 0, `${label}: ${wanted}\n${out}`);
    at = found + 1;
    skipping = false;
  }
}

/** Names of all properties in a schema, but for those of single gates and the like. */
function fieldsOf(schema: unknown, into = new Set<string>()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return into;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') for (const name of Object.keys(value as object)) into.add(name);
    fieldsOf(value, into);
  }
  return into;
}
