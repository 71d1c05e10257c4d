import { strict as assert } from 'node:assert';
import {
  NotebookCellData,
  NotebookCellKind,
  NotebookData,
  Range,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import { at, hoverText, lensTitles } from './support';

describe('Notebooks', () => {
  const cell = (text: string) => new NotebookCellData(NotebookCellKind.Code, text, 'python');

  it('let earlier cells count', async () => {
    const notebook = await workspace.openNotebookDocument(
      'jupyter-notebook',
      new NotebookData([
        cell('import torch.nn as nn\n%matplotlib inline\nHIDDEN = 20'),
        new NotebookCellData(NotebookCellKind.Markup, '# A model', 'markdown'),
        cell(
          'class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.rnn = nn.LSTM(10, HIDDEN, 2)\n',
        ),
      ]),
    );
    await window.showNotebookDocument(notebook);
    const [first, , model] = notebook.getCells().map((c) => c.document);
    assert.match(await hoverText(model!, at(model!, 'nn.LSTM')), /\*\*5,920\*\* parameters/);
    assert.match(await hoverText(model!, at(model!, 'Net')), /\*\*Net\*\* · PyTorch/);
    assert.deepEqual(await lensTitles(model!), ['5,920 parameters', 'Compare cells', 'Gradient flow']);
    assert.match(await hoverText(first!, at(first!, 'HIDDEN')), /\*\*20\*\* \| 5\.92 k/);
    assert.deepEqual(await lensTitles(first!), []);
  });

  it('follow a constant that is changed in another cell', async () => {
    const notebook = await workspace.openNotebookDocument(
      'jupyter-notebook',
      new NotebookData([
        cell('import torch.nn as nn\nHIDDEN = 20'),
        cell('def make(size):\n    return nn.LSTM(10, size, 2)'),
        cell('rnn = make(HIDDEN)'),
      ]),
    );
    await window.showNotebookDocument(notebook);
    const [first, second] = notebook.getCells().map((c) => c.document);
    const here = () => hoverText(second!, at(second!, 'nn.LSTM'));
    assert.match(await here(), /\*\*5,920\*\* parameters/);
    const edit = new WorkspaceEdit();
    const at20 = first!.positionAt(first!.getText().indexOf('20'));
    edit.replace(first!.uri, new Range(at20, at20.translate(0, 2)), '30');
    await workspace.applyEdit(edit);
    // 4·30·(10 + 30 + 2) + 4·30·(30 + 30 + 2)
    assert.match(await here(), /\*\*12,480\*\* parameters/);
  });
});
