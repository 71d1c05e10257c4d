import assert from 'node:assert/strict';
import { isRecurrent, valueOf } from '../../../../src/model';
import { memorySource } from '../../../../src/readers/bytes';
import { readSafetensors } from '../../../../src/readers/safetensors';
import { contextFor, fixture, fixtureJson, storedCount } from './support';

const counts = fixtureJson<Record<string, { total: number }>>('safetensors/counts.json');

async function read(name: string) {
  const path = `safetensors/${name}`;
  const result = await readSafetensors(await fixture(path), contextFor(path));
  assert.deepEqual(result.problems, []);
  return result.models[0]!;
}

function file(header: object, data = 0): Promise<Awaited<ReturnType<typeof readSafetensors>>> {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return readSafetensors(memorySource('x.safetensors', bytes), { file: 'x.safetensors' });
}

describe('safetensors', () => {
  for (const [name, { total }] of Object.entries(counts)) {
    it(`counts ${name} as its arrays do`, async () => {
      assert.equal(storedCount(await read(name)), total);
    });
  }

  it('recovers recurrent layers', async () => {
    const sizes = async (name: string) => {
      const layer = (await read(name)).layers.find(isRecurrent)!;
      const numbers = [layer.inputSize, layer.hiddenSize, layer.numLayers, layer.directions, layer.bias];
      return [layer.path, layer.kind, layer.framework, ...numbers.map((d) => valueOf(d))];
    };
    assert.deepEqual(await sizes('lstm.safetensors'), ['encoder.rnn', 'lstm', 'pytorch', 3, 4, 2, 2, 1]);
    assert.deepEqual(await sizes('gru_no_bias.safetensors'), ['GRU', 'gru', 'pytorch', 3, 4, 1, 1, 0]);
    assert.deepEqual(await sizes('rnn_half.safetensors'), ['RNN', 'rnn', 'pytorch', 3, 4, 1, 1, 1]);
    assert.deepEqual(await sizes('keras_names.safetensors'), ['gru', 'gru', 'keras', 4, 3, 1, 1, 1]);
  });

  it('makes the count unknown when a tensor claims more than the file holds', async () => {
    const { models, problems } = await file(
      { w: { dtype: 'F32', shape: [1000, 1000], data_offsets: [0, 4000000] } },
      16,
    );
    assert.deepEqual(
      problems.map((p) => p.code),
      ['tensor-out-of-range'],
    );
    assert.deepEqual(
      models[0]!.layers.map((l) => l.kind),
      ['unknown'],
    );
  });

  it('makes the count unknown when shape and length disagree', async () => {
    const { problems } = await file({ w: { dtype: 'F32', shape: [3], data_offsets: [0, 16] } }, 16);
    assert.deepEqual(
      problems.map((p) => p.code),
      ['tensor-out-of-range'],
    );
  });

  it('keeps the kind open when a block does not fit', async () => {
    const tensor = (shape: number[], at: number) => ({
      dtype: 'F32',
      shape,
      data_offsets: [at, at + 4 * shape.reduce((a, b) => a * b, 1)],
    });
    const { models } = await file(
      { weight_ih_l0: tensor([16, 3], 0), weight_hh_l0: tensor([15, 4], 192) },
      1000,
    );
    assert.deepEqual(
      models[0]!.layers.map((l) => l.kind),
      ['parameter', 'parameter'],
    );
    assert.equal(storedCount(models[0]!), 48 + 60);
  });
});
