import { strict as assert } from 'node:assert';
import { costModel } from '../../../../src/cost';
import { DEFAULT_WORKLOAD, valueOf } from '../../../../src/model';
import { readNotebook } from '../../../../src/readers/notebook';

const code = (source: string | string[]) => ({ cell_type: 'code', source });
const notebook = (...cells: object[]) => JSON.stringify({ nbformat: 4, cells });
const read = (text: string) => readNotebook({ file: 'nb.ipynb', text }, { assumptions: new Map() });

describe('Notebooks', () => {
  it('let earlier cells count, whatever stands between them', () => {
    const { models, problems } = read(
      notebook(
        code(['import torch.nn as nn\n', '%matplotlib inline\n', 'HIDDEN = 20']),
        { cell_type: 'markdown', source: ['# text'] },
        code('!pip install torch'),
        code(
          'class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.rnn = nn.GRU(10, HIDDEN)\n',
        ),
      ),
    );
    assert.deepEqual(problems, []);
    const [model] = models;
    assert.equal(valueOf(costModel(model!, DEFAULT_WORKLOAD).params!.total), 3 * 20 * (10 + 20 + 2));
    assert.equal(model!.source.member, 'cell 4');
    assert.equal(model!.source.range?.start.line, 0);
    assert.equal(model!.layers[0]!.source.range?.start.line, 3);
    assert.equal(model!.layers[0]!.facts?.['hiddenSize']?.origin?.member, 'cell 1');
  });

  it('are told apart from other JSON with a plain message', () => {
    for (const text of ['', '{', '[]', '{"cells": 3}', 'null', '{"worksheets": [7]}']) {
      const { models, problems } = read(text);
      assert.equal(models.length, 0);
      assert.equal(problems.length, 1, text);
    }
  });

  it('survive cells of any shape', () => {
    const { models } = read(
      notebook(code(3 as never), 7 as never, code([1, 'x = 1'] as never), { cell_type: 'code' }),
    );
    assert.deepEqual(models, []);
  });
});
