import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CounterExplanation, explainCounters } from '../../../src/cost';
import {
  type RecurrentLayer,
  BATCH,
  DEFAULT_WORKLOAD,
  SEQ_LEN,
  add,
  constant,
  formatMessage,
  valueOf,
  withLengths,
} from '../../../src/model';
import { type GoldenRow, layerOf } from '../../golden/layers/rows';
import { recurrent } from './layers';

interface Printed {
  readonly rows: readonly {
    readonly config: GoldenRow['config'];
    readonly input: readonly number[];
    readonly prints: Readonly<Record<string, number>>;
  }[];
}

const golden = JSON.parse(
  readFileSync(join(__dirname, '../../golden/layers/counters/printed.json'), 'utf8'),
) as Printed;

/** A packed batch of open length and number. */
const PACKED = { inputs: [undefined], steps: SEQ_LEN, batch: BATCH, packed: true, times: constant(1) };

function lengthsOf(config: GoldenRow['config']): readonly number[] | undefined {
  return config['lengths'] as readonly number[] | undefined;
}

const workload = { ...DEFAULT_WORKLOAD, seqLen: 50 };
const byName = (all: readonly CounterExplanation[]) => Object.fromEntries(all.map((e) => [e.counter, e]));

describe('explain: what other counters print', () => {
  it('nn.LSTM(64, 128), T=50: 4,915,200 weight MACs; torchinfo 4,966,400, thop 5,017,600, ptflops 5,030,400', () => {
    const all = byName(explainCounters(recurrent({}), workload));
    assert.equal(valueOf(all.thop!.macs), 4_915_200);
    assert.equal(valueOf(all.torchinfo!.prints), 4_966_400);
    assert.equal(valueOf(all.thop!.prints), 5_017_600);
    assert.equal(valueOf(all.ptflops!.prints), 5_030_400);
    assert.deepEqual(
      all.ptflops!.parts.map((p) => formatMessage(p.message)),
      [
        'Bias values count as multiply-accumulates: 51200.',
        'Sums of the input and the recurrent product: 25600.',
        'Elementwise products and sums of the state: 38400.',
      ],
    );
  });

  it('recomputes every number the three tools printed, and the parts sum to the difference', () => {
    assert.ok(golden.rows.length >= 45);
    for (const { config, input, prints } of golden.rows) {
      const layer = layerOf('pytorch', config) as RecurrentLayer;
      const all = lengthsOf(config)
        ? explainCounters({ ...layer, calls: [PACKED] }, withLengths(workload, lengthsOf(config)!))
        : explainCounters(
            { ...layer, calls: [{ inputs: [input.map((n) => constant(n))], times: constant(1) }] },
            workload,
          );
      assert.deepEqual(all.map((e) => e.counter).sort(), Object.keys(prints).sort());
      for (const e of all) {
        const label = `${e.counter} ${JSON.stringify(config)}`;
        assert.equal(valueOf(e.prints), prints[e.counter], label);
        const sum = add(e.macs, ...e.parts.map((p) => p.amount));
        assert.equal(valueOf(sum), valueOf(e.prints), label);
      }
    }
  });

  it('packed input: nn.LSTM(10, 20) on lengths 5, 3 and 1 has 21,600; torchinfo prints 460,800, thop 40,800, ptflops fails', () => {
    const layer = recurrent({ inputSize: 10, hiddenSize: 20, calls: [PACKED] });
    const all = byName(explainCounters(layer, withLengths(workload, [5, 3, 1])));
    assert.equal(valueOf(all.thop!.macs), 21_600);
    assert.equal(valueOf(all.torchinfo!.prints), 460_800);
    assert.equal(valueOf(all.thop!.prints), 40_800);
    assert.equal(all.ptflops, undefined);
    assert.ok(
      all
        .thop!.parts.map((p) => formatMessage(p.message))
        .includes('It counts every sequence as long as the longest: 16320.'),
    );
  });

  it('says nothing about layers of other frameworks or layers that are not used', () => {
    assert.deepEqual(explainCounters(recurrent({ framework: 'keras' }), workload), []);
    assert.deepEqual(explainCounters(recurrent({ calls: [] }), workload), []);
  });
});
