import assert from 'node:assert/strict';
import { ReadError } from '../../../../src/readers/bytes';
import { readSafetensors } from '../../../../src/readers/safetensors';
import { readTorchCheckpoint } from '../../../../src/readers/torch-checkpoint/read';
import { loadTensor } from '../../../../src/readers/weights/load';
import { contextFor, fixture, fixtureJson } from './support';

type Values = Record<string, { tensor: string; values: number[] }>;

describe('Weights by range', () => {
  for (const [folder, read] of [
    ['torch', readTorchCheckpoint],
    ['safetensors', readSafetensors],
  ] as const) {
    for (const [name, { tensor, values }] of Object.entries(fixtureJson<Values>(`${folder}/values.json`))) {
      it(`loads ${tensor} of ${name} as the framework does`, async () => {
        const path = `${folder}/${name}`;
        const source = await fixture(path);
        const { models } = await read(source, contextFor(path));
        const leaf = tensor.slice(tensor.lastIndexOf('.') + 1);
        const stored = models[0]!.layers.flatMap((l) => l.stored ?? []).find((t) => t.name === leaf);
        assert.deepEqual([...(await loadTensor(source, stored!))], values);
      });
    }
  }

  it('says so when values are not contiguous', async () => {
    const source = await fixture('torch/transposed.pt');
    const { models } = await readTorchCheckpoint(source, contextFor('torch/transposed.pt'));
    const stored = models[0]!.layers[0]!.stored!.find((t) => t.name === 'weight_hh_l0')!;
    await assert.rejects(loadTensor(source, stored), (e) => e instanceof ReadError && e.code === 'no-bytes');
  });
});
