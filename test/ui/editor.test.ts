import assert from 'node:assert/strict';
import { Workbench } from './harness/workbench';

const model = `import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(1000, 10)
        self.rnn = nn.LSTM(10, 20, 2, batch_first=True)
        self.out = nn.Linear(20, 5)

    def forward(self, words):
        states, _ = self.rnn(self.embedding(words))
        return self.out(states)
`;

describe('A model in the editor', () => {
  let window: Workbench;
  before(async () => {
    window = await Workbench.open({ files: { 'tagger.py': model }, size: { width: 1400, height: 900 } });
    await window.openFile('tagger.py', 8);
  });
  after(() => window?.close());

  it('says on hover what the LSTM costs, and what GRU and SimpleRNN would', async () => {
    const text = await window.hoverText('nn.LSTM');
    // Two layers of 4·20·(in + 20) + 2·4·20: 2,560 + 3,360.
    assert.match(text, /5,920/);
    // Three gates of four, and one.
    assert.match(text, /GRU\s+4,440/);
    assert.match(text, /SimpleRNN\s+1,480/);
    await window.screenshot('hover');
  });

  it('has the total and the ways on above it', async () => {
    const titles = await window.codeLensTitles();
    // 1000·10 + 5,920 + 20·5 + 5.
    assert.deepEqual(titles, ['16,025 parameters', 'Compare cells', 'Gradient flow']);
    await window.screenshot('code-lens');
  });

  it('follows what is typed', async () => {
    const column = model.split('\n')[6]!.indexOf('1000') + '1000'.length + 1;
    await window.openFile('tagger.py', 7, column);
    await window.page.keyboard.press('Backspace');
    await window.page.keyboard.type('2');
    // Two words more of 10 numbers each.
    await window.page.getByText('16,045 parameters').waitFor();
  });
});
