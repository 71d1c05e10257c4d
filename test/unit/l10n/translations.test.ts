import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { collectTemplates } from './collect';

const root = resolve(import.meta.dirname, '../../..');
const { templates, computed } = collectTemplates(resolve(root, 'src'));

function json(path: string): Record<string, string> {
  return JSON.parse(readFileSync(resolve(root, path), 'utf8')) as Record<string, string>;
}

function placeholders(template: string): string[] {
  return [...new Set([...template.matchAll(/\{(\d+)\}/g)].map((m) => m[1]!))].sort();
}

describe('Translations', () => {
  const bundle = json('l10n/bundle.l10n.zh-cn.json');

  it('finds the texts of the product', () => {
    assert.ok(templates.length > 50, `only ${templates.length} templates found`);
    assert.ok(templates.some(({ template }) => template === '{0} parameters'));
  });

  it('writes every template as a literal, so that it can be found', () => {
    const own = ['src/editor/say.ts', 'src/panel/text.ts'];
    assert.deepEqual(
      computed.filter((place) => !own.some((file) => place.includes(file))),
      [],
    );
  });

  it('has every text in Simplified Chinese', () => {
    const missing = templates.filter(({ template }) => !Object.hasOwn(bundle, template));
    assert.deepEqual(
      missing.map(({ template, place }) => `${place}: ${template}`),
      [],
    );
  });

  it('translates nothing that the product no longer says', () => {
    const said = new Set(templates.map(({ template }) => template));
    assert.deepEqual(
      Object.keys(bundle).filter((key) => !said.has(key)),
      [],
    );
  });

  it('keeps the placeholders', () => {
    for (const [english, chinese] of Object.entries(bundle)) {
      assert.deepEqual(placeholders(chinese), placeholders(english), english);
    }
  });
});

describe('package.nls', () => {
  const english = json('package.nls.json');
  const chinese = json('package.nls.zh-cn.json');
  const used = new Set(
    [...readFileSync(resolve(root, 'package.json'), 'utf8').matchAll(/"%([^"%]+)%"/g)].map((m) => m[1]!),
  );

  it('has what package.json asks for, and nothing else', () => {
    assert.deepEqual([...used].sort(), Object.keys(english).sort());
  });

  it('has the same keys in Simplified Chinese', () => {
    assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
  });
});
