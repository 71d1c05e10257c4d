import { strict as assert } from 'node:assert';
import { budgetsFor, checkBudget, matchesGlob, parseBudgets } from '../../../src/advice/budgets';
import { costModel } from '../../../src/cost';
import { constant, DEFAULT_WORKLOAD, formatMessage, symbol, type Dim, type Model } from '../../../src/model';

function model(inputSize: Dim): Model {
  const source = { file: 'm.py' };
  return {
    name: 'M',
    framework: 'pytorch',
    form: 'class',
    source,
    unknowns: [],
    assumed: [],
    layers: [
      {
        kind: 'lstm',
        path: 'rnn',
        typeName: 'LSTM',
        framework: 'pytorch',
        source,
        inputSize,
        hiddenSize: constant(20),
        numLayers: constant(1),
        directions: constant(1),
        bias: constant(1),
      },
    ],
  };
}

describe('Budgets', () => {
  const over = { limits: { parameters: 2_000 }, assume: {} };

  it('name a model that is over, with both numbers', () => {
    const [result] = checkBudget(over, [costModel(model(constant(10)), DEFAULT_WORKLOAD)]);
    assert.equal(result?.exceeded, true);
    assert.equal(result.actual, 2_560);
    assert.equal(formatMessage(result.message), 'M: parameters is 2,560, over its budget of 2,000.');
  });

  it('let a model pass that is exactly on the limit', () => {
    const [result] = checkBudget({ limits: { parameters: 2_560 }, assume: {} }, [
      costModel(model(constant(10)), DEFAULT_WORKLOAD),
    ]);
    assert.equal(result?.exceeded, false);
  });

  it('never call an unknown number a pass or a failure', () => {
    const [result] = checkBudget(over, [costModel(model(symbol('width')), DEFAULT_WORKLOAD)]);
    assert.equal(result?.actual, undefined);
    assert.equal(result?.exceeded, false);
    assert.match(formatMessage(result!.message), /cannot be known/);
  });

  it('are about the models and files they name', () => {
    const cost = costModel(model(constant(10)), DEFAULT_WORKLOAD);
    assert.deepEqual(checkBudget({ ...over, model: 'Other' }, [cost]), []);
    assert.equal(budgetsFor([{ ...over, file: 'src/**/*.py' }], 'src/a/b.py').length, 1);
    assert.equal(budgetsFor([{ ...over, file: 'src/**/*.py' }], 'test/b.py').length, 0);
  });

  it('keep what is right of a file and name what is not', () => {
    const { budgets, problems } = parseBudgets(
      '{"budgets": [{"parameters": 5, "file": "*.py", "assume": {"n": 3}}, {"parameters": "many"}, {"params": 3}, 7]}',
    );
    assert.deepEqual(budgets, [{ file: '*.py', limits: { parameters: 5 }, assume: { n: 3 } }]);
    assert.deepEqual(
      problems.map((p) => formatMessage(p)),
      [
        'Budget 2 is not used: parameters is not right.',
        'Budget 3 is not used: params is not right.',
        'Budget 4 is not used: it is not right.',
      ],
    );
  });

  it('survive whatever the file holds', () => {
    for (const text of [
      '',
      '[]',
      'null',
      '{"budgets": {}}',
      '{"budgets": [{"assume": [1]}]}',
      '{"__proto__": {"budgets": []}}',
    ]) {
      assert.deepEqual(parseBudgets(text).budgets, []);
      assert.ok(parseBudgets(text).problems.length > 0, text);
    }
  });
});

describe('Globs', () => {
  for (const [glob, path, expected] of [
    ['*.py', 'a/b/c.py', true],
    ['*.py', 'a/b/c.pyi', false],
    ['src/*.py', 'src/a.py', true],
    ['src/*.py', 'src/x/a.py', false],
    ['src/**/*.py', 'src/a.py', true],
    ['**/venv/**', 'a/venv/lib/x.py', true],
    ['**/venv/**', 'a/venvs/x.py', false],
    ['m?del.py', 'model.py', true],
    ['/model.py', 'sub/model.py', false],
    ['/model.py', 'model.py', true],
  ] as const) {
    it(`${glob} ${expected ? 'matches' : 'does not match'} ${path}`, () =>
      assert.equal(matchesGlob(glob, path), expected));
  }

  it('do not blow up', () => {
    const start = performance.now();
    assert.equal(matchesGlob(`${'*a'.repeat(40)}b`, `${'a'.repeat(400)}c`), false);
    assert.equal(matchesGlob('**/'.repeat(40) + 'b', 'a/'.repeat(400) + 'c'), false);
    assert.ok(performance.now() - start < 500);
  });
});
