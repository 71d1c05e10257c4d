import assert from 'node:assert/strict';
import { costModel } from '../../../../src/cost';
import { DEFAULT_WORKLOAD, valueOf } from '../../../../src/model';
import { readNotebook } from '../../../../src/readers/notebook';
import { pythonLines } from '../../../../src/readers/notebook/cells';

const options = { assumptions: new Map() };
const notebook = (...cells: readonly (readonly [type: string, source: string | string[]])[]) =>
  JSON.stringify({ cells: cells.map(([cell_type, source]) => ({ cell_type, source })), nbformat: 4 });

describe('Jupyter notebooks', () => {
  it('reads a model whose constants stand in earlier cells, and says where in which cell', () => {
    const text = notebook(
      ['markdown', '# A model'],
      ['code', '%matplotlib inline\nimport keras\nfrom keras import layers\nfiles = !ls\n'],
      ['code', ['VOCAB = 1000\n', 'UNITS = 32']],
      [
        'code',
        '!pip install keras\nmodel = keras.Sequential([\n  keras.Input((None,)),\n  layers.Embedding(VOCAB, 16),\n  layers.GRU(UNITS),\n])\nmodel?\n',
      ],
    );
    const { models, problems, format } = readNotebook({ file: 'a.ipynb', text }, options);
    assert.equal(format, 'notebook');
    assert.deepEqual(problems, []);
    assert.equal(models.length, 1);
    const [model] = models;
    assert.equal(valueOf(costModel(model!, DEFAULT_WORKLOAD).params!.total), 16000 + 3 * 32 * (16 + 32 + 2));
    assert.deepEqual(model!.source, {
      file: 'a.ipynb',
      member: '4',
      range: { start: { line: 1, character: 8 }, end: { line: 5, character: 2 } },
    });
    const gru = model!.layers.find((l) => l.kind === 'gru')!;
    assert.equal(gru.source.member, '4');
    assert.equal(gru.source.range?.start.line, 4);
    const units = gru.facts!['hiddenSize']!;
    assert.equal(units.text, 'UNITS');
    assert.equal(units.origin?.member, '3');
    assert.equal(units.origin?.range?.start.line, 1);
  });

  it('keeps Python lines and blanks IPython ones, cell magics and continued shell lines included', () => {
    const lines = pythonLines(
      'x = 1\n%time y = 2\n!pip install a \\\n  b\nz = """\n% not a magic\n"""\nw = %env A\nif x % 2:\n  pass',
    );
    assert.deepEqual(lines, [
      'x = 1',
      '#time y = 2',
      '#pip install a \\',
      '  #',
      'z = """',
      '% not a magic',
      '"""',
      '# = %env A',
      'if x % 2:',
      '  pass',
    ]);
    assert.deepEqual(pythonLines('%%bash\necho 1'), ['#%bash', '#cho 1']);
    assert.deepEqual(pythonLines('%%time\na = 1'), ['#%time', 'a = 1']);
  });

  it('says so when it is no notebook', () => {
    for (const text of ['', '{', '[]', '{"cells": 3}', 'null']) {
      const { models, problems } = readNotebook({ file: 'b.ipynb', text }, options);
      assert.deepEqual(models, []);
      assert.equal(problems[0]?.code, 'notebook-unreadable');
    }
  });
});
