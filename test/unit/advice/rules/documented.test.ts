import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../../../src/advice/rules';

const ROOT = join(__dirname, '../../../..');

/** Every rule that a user can meet: those that look at code, the one that measures, and the budget. */
const IDS = [...RULES.map((r) => r.id), 'gradient-horizon', 'over-budget'];

describe('Every rule', () => {
  const sections = new Map(
    readFileSync(join(ROOT, 'docs/rules.md'), 'utf8')
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.split('\n', 1)[0]!, section]),
  );
  const { properties } = (
    JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      contributes: {
        configuration: { properties: Record<string, { properties: Record<string, { enum: string[] }> }> };
      };
    }
  ).contributes.configuration.properties['rnnLens.findings.severity']!;

  for (const id of IDS) {
    it(`${id} is explained with its source, and has a severity setting`, () => {
      const section = sections.get(id);
      assert.ok(section, 'no section in docs/rules.md');
      if (id !== 'over-budget') assert.match(section, /^Source: /m);
      assert.deepEqual(properties[id]?.enum, ['error', 'warning', 'information', 'hint', 'off']);
    });
  }

  it('that has a severity setting is a rule', () => {
    assert.deepEqual(Object.keys(properties).sort(), [...IDS].sort());
  });
});
