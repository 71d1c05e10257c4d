/** Runs in the extension host: see editor.bench.ts. */
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { commands, extensions, type Hover, Position, type TextEditor, Uri, window, workspace } from 'vscode';
import type { BenchRow } from '../report';

const rows: BenchRow[] = [];

function row(what: string, on: string, ours: number, limit?: number): void {
  rows.push({ what, on, ours, unit: 'ms', ...(limit === undefined ? {} : { limit }) });
}

async function time(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function quantile(values: readonly number[], q: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * q))]!;
}

export async function run(): Promise<void> {
  const extension = extensions.getExtension('rnn-lens.rnn-lens')!;
  // Where the window has already started it (a view of ours is open) there is nothing left to time.
  const active = extension.isActive;
  const started = await time(() => extension.activate());
  if (!active) row('activation', 'a new window', started, 50);
  const [folder] = workspace.workspaceFolders!;
  const editor = await window.showTextDocument(Uri.joinPath(folder!.uri, 'long.py'));
  await hovers(editor);
  await scan(editor);
  writeFileSync(process.env['RNN_LENS_BENCH']!, JSON.stringify(rows));
}

/** Every word of every tenth line: layers, sizes, class names, and all that is none of these. */
async function hovers({ document }: TextEditor): Promise<void> {
  const ask = (position: Position) =>
    commands.executeCommand<Hover[]>('vscode.executeHoverProvider', document.uri, position);
  const first = document.positionAt(document.getText().indexOf('nn.LSTM') + 4);
  row('hover', `${document.lineCount} lines, first`, await time(() => ask(first)));
  const times: number[] = [];
  let answered = 0;
  for (let line = 0; line < document.lineCount; line += 7) {
    for (const { index } of document.lineAt(line).text.matchAll(/\w+/g)) {
      let found: Hover[] = [];
      times.push(await time(async () => (found = await ask(new Position(line, index)))));
      if (found.length > 0) answered++;
    }
  }
  assert.ok(answered > 50, `only ${answered} hovers said anything`);
  row('hover', `${document.lineCount} lines, p95 of ${times.length}`, quantile(times, 0.95), 10);
}

/** Types into the editor while the workspace is scanned; each character's way through the editor is timed. */
async function scan(editor: TextEditor): Promise<void> {
  await window.showTextDocument(editor.document);
  await commands.executeCommand('cursorBottom');
  const type = () => time(() => commands.executeCommand('type', { text: 'x' }));
  const quiet: number[] = [];
  for (let i = 0; i < 50; i++) quiet.push(await type());
  let running = true;
  const start = performance.now();
  const found = Promise.resolve(commands.executeCommand<unknown[]>('rnnLens.scanWorkspace')).finally(
    () => (running = false),
  );
  const busy: number[] = [];
  while (running) {
    busy.push(await type());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const models = await found;
  row('workspace scan', '10,000 files, 1 in 50 with a model', performance.now() - start, 10_000);
  assert.equal(models.length, Number(process.env['RNN_LENS_BENCH_MODELS']));
  row('typing, p95', 'no scan', quantile(quiet, 0.95));
  row(
    'typing, p95',
    `while the workspace is scanned, ${busy.length} keys`,
    quantile(busy, 0.95),
    50 + 2 * quantile(quiet, 0.95),
  );
  row(
    'workspace scan',
    'again: unchanged files',
    await time(() => commands.executeCommand('rnnLens.scanWorkspace')),
  );
}
