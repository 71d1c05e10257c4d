import assert from 'node:assert/strict';
import { memorySource } from '../../../../src/readers/bytes';
import { readSavedModel, readerFor } from '../../../../src/readers/registry';
import { contextFor, fixture } from './support';

const none = new Uint8Array(0);

describe('Choosing a reader', () => {
  it('goes by the ending', () => {
    const format = (name: string) => readerFor(name, none)?.format;
    assert.deepEqual(
      [
        'a.py',
        'a.ts',
        'a.ipynb',
        'a.onnx',
        'a.pth',
        'a.safetensors',
        'a/model.json',
        'a.keras',
        'A.H5',
        'a.txt',
        'readme',
      ].map(format),
      [
        'python',
        'javascript',
        'notebook',
        'onnx',
        'pytorch-checkpoint',
        'safetensors',
        'keras-json',
        'keras-archive',
        'keras-h5',
        undefined,
        undefined,
      ],
    );
  });

  it('is corrected by the first bytes', async () => {
    const hdf5 = await (await fixture('keras/lstm.h5')).read(0, 64);
    assert.equal(readerFor('weights.bin', hdf5)?.format, 'keras-h5');
    assert.equal(readerFor('x.keras', hdf5)?.format, 'keras-h5');
    const zip = await (await fixture('torch/lstm.pt')).read(0, 64);
    assert.equal(readerFor('x.h5', zip)?.format, 'pytorch-checkpoint');
  });

  for (const [path, format] of [
    ['torch/net.pt', 'pytorch-checkpoint'],
    ['safetensors/net.safetensors', 'safetensors'],
    ['onnx/around.onnx', 'onnx'],
    ['keras/functional.json', 'keras-json'],
    ['keras/functional.keras', 'keras-archive'],
    ['keras/functional.h5', 'keras-h5'],
    ['tfjs/stack.json', 'tfjs-layers'],
  ] as const) {
    it(`reads ${path}`, async () => {
      const result = await readSavedModel(await fixture(path), contextFor(path));
      assert.equal(result.format, format);
      assert.equal(result.models.length, 1);
      assert.deepEqual(result.problems, []);
    });
  }

  for (const name of ['model.tflite', 'saved_model.pb', 'notes.txt']) {
    it(`says why it does not read ${name}`, async () => {
      const { models, problems } = await readSavedModel(memorySource(name, new Uint8Array(8)), {
        file: name,
      });
      assert.deepEqual([models.length, problems.map((p) => p.code)], [0, ['not-read']]);
    });
  }
});
