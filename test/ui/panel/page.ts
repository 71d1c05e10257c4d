/** The comparison panel in a window of VS Code, as its tests drive it. */
import { strict as assert } from 'node:assert';
import { stat } from 'node:fs/promises';
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
    await focusSources(workbench);
    await workbench.openFile(file, line, 12);
    await workbench.runCommand('RNN Lens: Compare Cells');
    return PanelPage.find(workbench, file);
  }

  /** The panel of a file that is in view; waits for its numbers. */
  static async find(workbench: Workbench, file = 'tagger.py'): Promise<PanelPage> {
    for (const deadline = Date.now() + 30_000; ;) {
      try {
        const frame = await workbench.webviewFrame();
        // The panel that was in view before may still be there for a moment.
        await frame.locator('.origin', { hasText: file }).waitFor({ timeout: 3_000 });
        await frame.locator('section#layers').waitFor({ timeout: 3_000 });
        return new PanelPage(frame);
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
    }
  }

  /** Chooses one of the file's models, as a person would: its class, then the way it is built. */
  async choose(names: readonly string[], index: number): Promise<void> {
    const name = names[index]!;
    const ways = names.flatMap((n, i) => (n === name ? [i] : []));
    const picker = (label: string) =>
      this.frame.locator('.origin label', { hasText: label }).locator('select');
    if (new Set(names).size > 1) await picker('model').selectOption({ label: name });
    await this.frame.getByRole('heading', { level: 1, name, exact: true }).waitFor();
    if (ways.length < 2) return;
    await picker('built by').selectOption({ index: ways.indexOf(index) });
    const unique = ways.indexOf(index) === 0 ? name : `${name} #${ways.indexOf(index) + 1}`;
    await this.eventually(() => picker('built by').inputValue(), new RegExp(`^${unique}$`));
  }

  /** Opens a fold-out, where it is not open. */
  async unfold(title: string): Promise<void> {
    const fold = this.frame.locator('details', { has: this.frame.locator('summary', { hasText: title }) });
    if ((await fold.first().getAttribute('open')) === null) await fold.first().locator('summary').click();
  }

  /** Chooses from the menu of exports. */
  async export(item: string): Promise<void> {
    await this.frame.locator('summary', { hasText: 'Copy and save' }).click();
    await this.frame.getByRole('button', { name: item }).click();
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

  /** A row of the layers' table, as one text. */
  async layer(path: string): Promise<string> {
    return (await this.row('layers', path)).join(' ');
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

/** Sources are open in the first group of editors, panels beside it. */
async function focusSources(workbench: Workbench): Promise<void> {
  if ((await workbench.page.locator('.editor-group-container').count()) > 1)
    await workbench.runCommand('View: Focus First Editor Group');
}

/** Puts the cursor into the source, in the group of editors where it is open. */
export async function showSource(workbench: Workbench, line: number, column = 1): Promise<void> {
  await focusSources(workbench);
  await workbench.openFile('tagger.py', line, column);
}

/** Replaces the rest of a line of {@link SOURCE} from a column on. */
export async function retype(
  workbench: Workbench,
  line: number,
  column: number,
  text: string,
): Promise<void> {
  await showSource(workbench, line, column);
  await workbench.page.keyboard.press('Shift+End');
  await workbench.paste(text);
}

/** Types a path into VS Code's own save dialog and waits for the file. */
export async function saveAs(workbench: Workbench, path: string): Promise<void> {
  const input = workbench.page.locator('.quick-input-widget input[type="text"]');
  await input.waitFor();
  // The dialog writes the name that it proposes over what was typed before, and looks the path up while it is typed; an
  // OK that comes before it has is answered with a question.
  for (let attempt = 1; ; attempt++) {
    await input.fill(path);
    await workbench.page.waitForTimeout(500 * attempt);
    if ((await input.inputValue()) !== path && attempt < 4) continue;
    await workbench.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    const closed = await input.waitFor({ state: 'hidden', timeout: 4000 }).then(
      () => true,
      () => false,
    );
    if (closed) break;
    assert.ok(attempt < 4, 'the save dialog takes the path');
  }
  const deadline = Date.now() + 10_000;
  while ((await stat(path).catch(() => undefined))?.size === undefined && Date.now() < deadline) {
    await workbench.page.waitForTimeout(50);
  }
  // The name is there before the last byte is.
  await workbench.page.waitForTimeout(200);
}
