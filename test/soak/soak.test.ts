import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  CancellationTokenSource,
  commands,
  lm,
  Range,
  type TextDocument,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import { actionsAt, at, hoverText, lensTitles, LSTM, open, repository } from '../extension/support';

const OPERATIONS = 1000;
const EVERY = 50;
/** How much more the second half may hold, in bytes, when all garbage is collected: noise, no trend. */
const GROWTH = 6_000_000;

/** One measurement, in bytes. */
interface Point {
  readonly operations: number;
  readonly heap: number;
  readonly buffers: number;
  readonly process: number;
  readonly seconds: number;
}

const here = (name: string) => Uri.joinPath(workspace.workspaceFolders![0]!.uri, name);
const SAVED = [
  'onnx/lstm.onnx',
  'safetensors/lstm.safetensors',
  'keras/gru.keras',
  'keras/lstm.h5',
  'torch/net.pt',
];

function tool(name: string, input: object): Promise<unknown> {
  return Promise.resolve(
    lm.invokeTool(name, { input, toolInvocationToken: undefined }, new CancellationTokenSource().token),
  );
}

async function edit(document: TextDocument, hidden: number): Promise<void> {
  const change = new WorkspaceEdit();
  const line = document.lineAt(at(document, 'nn.LSTM(').line);
  change.replace(
    document.uri,
    new Range(line.range.start, line.range.end),
    `        self.rnn = nn.LSTM(300, ${hidden}, 2)`,
  );
  await workspace.applyEdit(change);
}

/** What a day's work is made of; `i` makes each turn a new one, so that no cache answers for it. */
function operations(document: TextDocument): ((i: number) => Thenable<unknown>)[] {
  const layer = () => at(document, 'nn.LSTM', 4);
  const hover = () => hoverText(document, layer());
  const typed = async (i: number) => {
    await edit(document, 8 + (i % 500));
    assert.match(await hover(), /parameters/);
  };
  return [
    typed,
    () => lensTitles(document),
    typed,
    () => actionsAt(document, layer()),
    typed,
    async (i) => {
      const uri = here(SAVED[i % SAVED.length]!.replace('/', '-'));
      await tool('rnn-lens_analyse', { file: uri.path });
    },
    typed,
    () => tool('rnn-lens_compare', { file: 'soaked.py' }),
    typed,
    (i) => workspace.getConfiguration('rnnLens').update('sequenceLength', 10 + (i % 90), true),
    hover,
    async (i) => {
      await workspace.fs.writeFile(
        here('soaked.py'),
        new TextEncoder().encode(LSTM.replace('512', String(8 + (i % 99)))),
      );
      await tool('rnn-lens_diagnose', { file: 'soaked.py', sequenceLength: 5 + (i % 20) });
    },
    typed,
    async () => {
      await commands.executeCommand('rnnLens.compareCells', document.uri);
      await hover();
      await window.tabGroups.close(
        window.tabGroups.all.flatMap((g) => g.tabs).filter((t) => /^Compare/.test(t.label)),
      );
    },
    typed,
    () => commands.executeCommand('rnnLens.scanWorkspace'),
    typed,
    async (i) => {
      await commands.executeCommand('vscode.open', here(SAVED[i % SAVED.length]!.replace('/', '-')));
      await window.tabGroups.close(window.tabGroups.activeTabGroup.activeTab!);
      await window.showTextDocument(document);
    },
    async (i) => {
      const uri = here(`passing${i}.py`);
      await workspace.fs.writeFile(uri, new TextEncoder().encode(LSTM));
      await workspace.fs.delete(uri);
    },
    async (i) => {
      const passing = await open(LSTM.replace('512', String(i + 1)));
      await lensTitles(passing);
      await commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      await window.showTextDocument(document);
    },
  ];
}

describe('A thousand mixed operations', () => {
  it('leave the memory as it was', async function () {
    this.timeout(840_000);
    for (const path of SAVED) {
      const from = Uri.joinPath(repository, 'test/fixtures/saved', path);
      await workspace.fs.copy(from, here(path.replace('/', '-')), { overwrite: true });
    }
    await workspace.fs.writeFile(here('soaked.py'), new TextEncoder().encode(LSTM));
    const document = await open(LSTM);
    const all = operations(document);
    const started = performance.now();
    const points: Point[] = [];
    for (let i = 0; i < OPERATIONS; i++) {
      await all[i % all.length]!(i);
      if ((i + 1) % EVERY > 0) continue;
      points.push(await measured(i + 1, started));
      console.log(JSON.stringify(points.at(-1)));
    }
    await workspace.getConfiguration('rnnLens').update('sequenceLength', undefined, true);
    const path = Uri.joinPath(repository, 'out/reports/soak-curve.json').fsPath;
    writeFileSync(path, JSON.stringify(points));
    // The first quarter fills caches, which have bounds; after that there is nothing to keep.
    const quarter = points.length / 4;
    const mean = (some: readonly Point[]) =>
      some.reduce((sum, p) => sum + p.heap + p.buffers, 0) / some.length;
    const grown = mean(points.slice(3 * quarter)) - mean(points.slice(quarter, 2 * quarter));
    assert.ok(grown < GROWTH, `grew by ${(grown / 1e6).toFixed(1)} MB`);
  });
});

/** What the extension host holds when all garbage is collected. */
async function measured(count: number, started: number): Promise<Point> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  const seconds = (performance.now() - started) / 1000;
  return { operations: count, heap: heapUsed, buffers: arrayBuffers, process: rss, seconds };
}
