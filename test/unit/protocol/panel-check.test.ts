import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { type FromPage, PANEL_VERSION } from '../../../src/protocol/panel';
import { checkFromPage } from '../../../src/protocol/panel-check';
import { checkToPage, savedPanel } from '../../../src/protocol/panel-check-state';

const whatIf = {
  hiddenSize: 10,
  numLayers: 1,
  bidirectional: false,
  projSize: 0,
  seqLen: 5,
  batch: 1,
  numberType: 'float32',
} as const;

const valid: readonly FromPage[] = [
  { type: 'ready' },
  { type: 'select', selection: { model: 'A', layer: null } },
  { type: 'reveal', uri: 'file:///a.py', line: 0, character: 3 },
  { type: 'assume', name: 'n', value: 3 },
  { type: 'assume', name: 'n', value: null },
  { type: 'workload', workload: { seqLen: 1, batch: 2, numberType: 'int8' } },
  { type: 'what-if', values: whatIf },
  { type: 'what-if', values: null },
  { type: 'run-flow', sizing: 'same-size' },
  { type: 'apply', change: { type: 'cell', cell: 'gru', sizing: 'same-flops' } },
  { type: 'apply', change: { type: 'advice', id: 'x' } },
  { type: 'save-chart', name: 'x', format: 'png', data: 'AA' },
  { type: 'print', html: '<main></main>' },
  { type: 'goals', goals: { maxParams: 1, trainingSequences: null, target: 'mobile' } },
];

describe('Messages of the panel', () => {
  it('takes what the page may send', () => {
    for (const message of valid) assert.deepEqual(checkFromPage(message), { ok: true, value: message });
  });

  it('refuses a message with a field missing or of another kind', () => {
    for (const message of valid) {
      for (const key of Object.keys(message).filter((k) => k !== 'type')) {
        assert.equal(checkFromPage({ ...message, [key]: Symbol('no') }).ok, false, `${message.type}.${key}`);
        assert.equal(checkFromPage({ ...message, [key]: undefined }).ok, false, `${message.type}.${key}`);
      }
    }
  });

  it('refuses sizes that are not sizes, and says which', () => {
    for (const hiddenSize of [0, -1, 1.5, NaN, Infinity, '10', 1e12]) {
      const result = checkFromPage({ type: 'what-if', values: { ...whatIf, hiddenSize } });
      assert.match(result.ok ? '' : result.wrong, /message\.values\.hiddenSize: expected an integer/);
    }
  });

  it('never throws, whatever arrives', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        checkFromPage(value);
        checkToPage(value);
        savedPanel(value);
      }),
    );
    const types = valid.map((m) => m.type);
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.dictionary(fc.string(), fc.anything()), (type, fields) => {
        checkFromPage({ ...fields, type });
      }),
    );
  });

  it('drops a saved state of another version', () => {
    const saved = {
      version: PANEL_VERSION,
      uri: 'file:///a.py',
      selection: { model: null, layer: null },
      sizing: 'same-size',
      open: ['explain'],
      goals: { maxParams: 100_000, trainingSequences: null, target: 'mobile' },
      whatIf,
      pinned: null,
      scroll: 120,
    };
    assert.deepEqual(savedPanel(saved), saved);
    assert.equal(savedPanel({ ...saved, version: 0 }), undefined);
    assert.equal(savedPanel(undefined), undefined);
  });
});
