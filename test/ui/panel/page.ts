/** The comparison panel in a window of VS Code, as its tests drive it. */
import { strict as assert } from 'node:assert';
import type { Frame, Locator } from 'playwright-core';
import type { Workbench } from '../harness/workbench';

/** A model whose counts are known: PyTorch LSTM 64 → 128 is 4·128·(64 + 128 + 2) = 99,328. */
export const SOURCE = `import torch.nn as nn


class Tagger(nn.Module):
    def __init__(self, hidden=128):
        super().__init__()
        self.embed = nn.Embedding(1000, 64)
        self.rnn = nn.LSTM(64, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 10)

    def forward(self, tokens):
        states, _ = self.rnn(self.embed(tokens))
        return self.head(states)


model = Tagger()
`;

export const FILES = { 'tagger.py': SOURCE };

/** Line (from 1) of the recurrent layer in {@link SOURCE}. */
export const RNN_LINE = 8;

export class PanelPage {
  private constructor(readonly frame: Frame) {}

  /** Opens the file, runs the command and waits for the page. */
  static async open(workbench: Workbench, file = 'tagger.py', line = RNN_LINE): Promise<PanelPage> {
    await workbench.openFile(file, line, 12);
    await workbench.runCommand('RNN Lens: Compare Cells');
    return PanelPage.find(workbench);
  }

  /** The panel that is in view. */
  static async find(workbench: Workbench): Promise<PanelPage> {
    const frame = await workbench.webviewFrame();
    await frame.locator('section#layers').waitFor({ timeout: 20_000 });
    return new PanelPage(frame);
  }

  section(id: string): Locator {
    return this.frame.locator(`section#${id}`);
  }

  /** The cells of the table row whose header starts with `name`, as text. */
  async row(section: string, name: string): Promise<string[]> {
    const row = this.section(section)
      .locator('tbody tr')
      .filter({ has: this.frame.locator('th', { hasText: new RegExp(`^\\s*${name}`) }) })
      .first();
    const texts = await row.locator('th, td').allInnerTexts();
    return texts.map((t) => t.replace(/\s+/g, ' ').trim());
  }

  /** A total at the top by its label. */
  total(label: RegExp): Promise<string> {
    const entry = this.frame
      .locator('.totals > div')
      .filter({ has: this.frame.locator('dt', { hasText: label }) });
    return entry.locator('dd').innerText();
  }

  /** Waits until `read` gives a text that matches. */
  async eventually(read: () => Promise<string>, wanted: RegExp, timeout = 10_000): Promise<void> {
    const deadline = Date.now() + timeout;
    let last = '';
    while (Date.now() < deadline) {
      last = await read().catch((error: unknown) => `(${String(error)})`);
      if (wanted.test(last)) return;
      await this.frame.page().waitForTimeout(50);
    }
    assert.match(last, wanted);
  }
}

/** Puts the cursor into the source, in the group of editors where it is open. */
export async function showSource(workbench: Workbench, line: number, column = 1): Promise<void> {
  await workbench.runCommand('View: Focus First Editor Group');
  await workbench.openFile('tagger.py', line, column);
}
