import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { type LayersModel, ready } from '@tensorflow/tfjs';
import { costModel } from '../../../../src/cost';
import { DEFAULT_WORKLOAD, type Model, valueOf } from '../../../../src/model';
import { readJavaScript } from '../../../../src/readers/javascript';

const NOTHING = { assumptions: new Map() };

function counts(model: Model) {
  const params = costModel(model, DEFAULT_WORKLOAD).params;
  return { total: params && valueOf(params.total), trainable: params && valueOf(params.trainable) };
}

/** What TensorFlow.js itself says of the models that a file builds. */
async function real(file: string): Promise<{ total: number; trainable: number; source: string }[]> {
  const url = pathToFileURL(path.resolve(file)).href;
  const loaded = (
    file.endsWith('functional.js') ? createRequire(import.meta.url)(path.resolve(file)) : await import(url)
  ) as {
    models: LayersModel[];
  };
  return loaded.models.map((m) => ({
    total: m.countParams(),
    trainable: m.trainableWeights.reduce((sum, w) => sum + w.shape.reduce<number>((n, d) => n * d!, 1), 0),
    source: file,
  }));
}

describe('TensorFlow.js source against TensorFlow.js itself', () => {
  before(() => ready());

  for (const folder of ['test/fixtures/javascript', 'examples/tfjs']) {
    for (const name of readdirSync(folder)) {
      const file = `${folder}/${name}`;
      it(`${file}: every model it builds has the total that the library counts`, async () => {
        const { models, problems } = readJavaScript({ file, text: readFileSync(file, 'utf8') }, NOTHING);
        const theirs = await real(file);
        assert.ok(theirs.length > 0);
        const sorted = <T extends { total?: number | undefined }>(list: readonly T[]) =>
          [...list].sort((a, b) => (a.total ?? -1) - (b.total ?? -1));
        const seen = new Set<string>();
        const distinct = theirs.filter((t) => !seen.has(`${t.total}`) && seen.add(`${t.total}`));
        assert.deepEqual(
          sorted(models.map(counts)).filter((c, i, all) => all.findIndex((d) => d.total === c.total) === i),
          sorted(distinct).map(({ total, trainable }) => ({ total, trainable })),
        );
        assert.deepEqual(problems, []);
      });
    }
  }
});
