import assert from 'node:assert/strict';
import { costLayer } from '../../../src/cost';
import type { WeightTensor } from '../../../src/cost/types';
import { DEFAULT_WORKLOAD, valueOf } from '../../../src/model';
import { type GoldenRow, goldenFiles, layerOf } from '../../golden/layers/rows';

const files = goldenFiles();

describe('golden: per-tensor shapes and totals that real frameworks printed', () => {
  it('covers at least 1,000 configurations, every framework asked and every kind of layer', () => {
    const rows = files.flatMap(([, file]) => file.rows);
    assert.ok(rows.length >= 1000, `${rows.length} rows`);
    assert.deepEqual(files.map(([, f]) => f.framework).sort(), [
      'equinox',
      'flax-linen',
      'flax-nnx',
      'haiku',
      'keras',
      'keras2',
      'mindspore',
      'mxnet',
      'onnx',
      'paddle',
      'pytorch',
      'tf1',
    ]);
    const kinds = new Set(rows.map((r) => r.config.kind));
    for (const kind of EVERY_KIND) assert.ok(kinds.has(kind), kind);
  });

  for (const [name, file] of files) {
    it(`${name}: ${file.rows.length} rows equal to the integer`, () => {
      for (const row of file.rows) check(file.framework, row);
    });
  }
});

const EVERY_KIND = [
  ...['rnn', 'lstm', 'gru', 'rnn-cell', 'lstm-cell', 'gru-cell', 'conv-lstm', 'embedding', 'dense'],
  ...['conv', 'conv-transpose', 'depthwise-conv', 'separable-conv'],
  ...['batch-norm', 'layer-norm', 'group-norm', 'instance-norm', 'rms-norm'],
  ...['attention', 'additive-attention', 'multi-head-attention'],
  ...['transformer-encoder-layer', 'transformer-decoder-layer', 'parameter'],
];

type Framework = Parameters<typeof layerOf>[0];

function check(framework: Framework, row: GoldenRow): void {
  const cost = costLayer(layerOf(framework, row.config), DEFAULT_WORKLOAD);
  const label = JSON.stringify(row.config);
  const tensors = cost.tensors ?? assert.fail(label);
  assert.deepEqual(listed(tensors.filter((t) => t.counted)), sorted(row.tensors), label);
  // PyTorch's and others' moving statistics: kept, but no parameters. Without an offset or scale they still are.
  assert.deepEqual(listed(tensors.filter((t) => !t.counted)), sorted(row.buffers ?? []), label);
  assert.deepEqual(
    tensors
      .filter((t) => t.counted && !t.trainable)
      .map((t) => t.name)
      .sort(),
    [...(row.frozen ?? [])].sort(),
    label,
  );
  assert.equal(valueOf(cost.params!.total), row.total, label);
  assert.equal(valueOf(cost.params!.trainable), row.trainable, label);
  assert.equal(valueOf(cost.params!.nonTrainable), row.total - row.trainable, label);
}

function listed(tensors: readonly WeightTensor[]): unknown {
  return sorted(tensors.map((t) => [t.name, t.shape.map((d) => valueOf(d) ?? NaN)] as const));
}

function sorted(tensors: GoldenRow['tensors']): unknown {
  return [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
}
