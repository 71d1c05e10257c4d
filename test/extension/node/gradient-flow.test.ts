import { strict as assert } from 'node:assert';
import { Worker } from 'node:worker_threads';
import { Range, type TextDocument, WorkspaceEdit, commands, window, workspace } from 'vscode';
import { eventually, open, withSetting } from '../support';

/** What the command says about the run it made; the page shows the same. */
interface Outcome {
  readonly status: string;
  readonly reason: { readonly text: string; readonly args: readonly unknown[] } | null;
  readonly cases: readonly { readonly verdict: string; readonly seeds: readonly unknown[] }[];
}

const model = (input: number, hidden: number): string => `import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(${input}, ${hidden})

    def forward(self, x):
        return self.rnn(x)[0]
`;

/** Runs for many seconds on any machine. */
const LONG = model(300, 700);

/** The gradient thread of the extension, met when it is spoken to: as real a thread as the one that crashes at a user's. */
class Thread {
  /** The thread of each run that was asked for. */
  readonly runs: Worker[] = [];
  private readonly original = Worker.prototype.postMessage;

  constructor() {
    const { runs, original } = this;
    Worker.prototype.postMessage = function (this: Worker, ...args: Parameters<typeof original>) {
      if (isFlow(args[0])) runs.push(this);
      return original.apply(this, args);
    };
  }

  restore(): void {
    Worker.prototype.postMessage = this.original;
  }

  /** What tfjs holds. */
  memory(): Promise<{ readonly tensors: number; readonly bytes: number }> {
    const worker = this.runs.at(-1)!;
    const id = 1_000_000 + Math.floor(Math.random() * 1_000_000);
    return new Promise((resolve) => {
      const listener = (value: { id?: number; value?: { tensors: number; bytes: number } }): void => {
        if (value.id !== id) return;
        worker.off('message', listener);
        resolve(value.value!);
      };
      worker.on('message', listener);
      worker.postMessage({ type: 'call', id, method: 'memory', params: undefined });
    });
  }
}

function isFlow(value: unknown): boolean {
  const { type, method } = (value ?? {}) as { readonly type?: unknown; readonly method?: unknown };
  return type === 'call' && method === 'flow';
}

describe('Gradient flow', function () {
  this.timeout(120_000);
  let thread: Thread;
  before(() => {
    thread = new Thread();
  });
  after(() => thread.restore());
  // The documents are left: closing an unsaved one would ask.
  afterEach(async () => void (await window.tabGroups.close(panels())));

  const panels = () =>
    window.tabGroups.all.flatMap((g) => g.tabs).filter((t) => t.label.startsWith('Compare: '));

  const diagnose = async ({ uri }: TextDocument): Promise<Outcome> =>
    commands.executeCommand<Outcome>('rnnLens.diagnoseGradientFlow', { uri: uri.toString() });

  /** Starts a run of seconds and waits until the thread has it. */
  async function underWay(): Promise<{
    readonly run: Promise<Outcome>;
    readonly worker: Worker;
    readonly document: TextDocument;
  }> {
    const before = thread.runs.length;
    const document = await open(LONG);
    const run = diagnose(document);
    return { run, document, worker: await eventually(() => thread.runs[before], 'a run in the thread') };
  }

  const small = () => withSetting('sequenceLength', 20, async () => diagnose(await open(model(8, 12))));

  it('runs by its command and judges every cell', async () => {
    const { status, cases } = await small();
    assert.equal(status, 'done');
    assert.ok(cases.length >= 3 && cases.every((c) => c.verdict !== '' && c.seeds.length === 3));
  });

  it('a killed thread is a message, and the next run works', async () => {
    const { run, worker } = await underWay();
    await worker.terminate();
    const { status, reason } = await run;
    assert.equal(status, 'failed');
    assert.match(reason!.text, /The worker (ended|crashed|stopped)|worker/i);
    const next = await withSetting('sequenceLength', 21, async () => diagnose(await open(model(8, 12))));
    assert.equal(next.status, 'done');
  });

  it('closing the panel ends its run and frees the thread for the next', async () => {
    const { run } = await underWay();
    await window.tabGroups.close(await eventually(() => panels()[0], 'the panel'));
    assert.notEqual((await run).status, 'done');
    const next = await withSetting('sequenceLength', 22, async () => diagnose(await open(model(8, 12))));
    assert.equal(next.status, 'done');
  });

  it('a second run of the same panel takes the place of the first, which lets go', async () => {
    const { run, document } = await underWay();
    const edit = new WorkspaceEdit();
    const at = document.getText().indexOf('300, 700');
    edit.replace(document.uri, new Range(document.positionAt(at), document.positionAt(at + 8)), '8, 16');
    await workspace.applyEdit(edit);
    const again = await withSetting('sequenceLength', 23, () => diagnose(document));
    assert.equal(again.status, 'done');
    await run;
  });

  it('what needs too much memory is refused up front, with what would fit', async () => {
    const outcome = await withSetting('sequenceLength', 1_000_000, async () => diagnose(await open(LONG)));
    assert.equal(outcome.status, 'failed');
    assert.match(outcome.reason!.text, /would need .* MiB .* would fit/);
    assert.ok((outcome.reason!.args[2] as number) > 0);
  });

  it('ten runs in a row leave no tensors and no growing memory', async () => {
    const run = async (steps: number): Promise<void> => {
      const outcome = await withSetting('sequenceLength', steps, async () =>
        diagnose(await open(model(32, 64))),
      );
      assert.equal(outcome.status, 'done');
    };
    // The first two warm up: wasm grows to what one run needs, code is compiled.
    for (const steps of [40, 41]) await run(steps);
    const worker = thread.runs.at(-1);
    const before = process.memoryUsage();
    for (let k = 0; k < 10; k++) await run(50 + k);
    const after = process.memoryUsage();
    assert.deepEqual(await thread.memory(), { tensors: 0, bytes: 0 });
    assert.equal(thread.runs.at(-1), worker, 'one thread did them all');
    const grown = (after.rss - before.rss) / 2 ** 20;
    assert.ok(grown < 150, `grown by ${grown.toFixed(0)} MiB`);
  });
});
