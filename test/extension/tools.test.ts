import { strict as assert } from 'node:assert';
import {
  CancellationTokenSource,
  commands,
  extensions,
  LanguageModelTextPart,
  lm,
  Uri,
  workspace,
} from 'vscode';
import { LSTM } from './support';

interface Analysed {
  readonly files: readonly {
    readonly models: readonly { readonly name: string; readonly params: { readonly total: number } }[];
  }[];
}

async function invoke(name: string, input: object): Promise<unknown> {
  const result = await lm.invokeTool(
    name,
    { input, toolInvocationToken: undefined },
    new CancellationTokenSource().token,
  );
  const [part] = result.content;
  assert.ok(part instanceof LanguageModelTextPart);
  return JSON.parse(part.value);
}

describe("Assistants' tools", () => {
  const file = () => Uri.joinPath(workspace.workspaceFolders![0]!.uri, 'for_tools.py');

  before(async () => {
    await workspace.fs.writeFile(file(), new TextEncoder().encode(LSTM));
    await extensions.getExtension('rnn-lens.rnn-lens')!.activate();
  });
  after(() => workspace.fs.delete(file()));

  it('analyse a file of the workspace', async () => {
    const { files } = (await invoke('rnn-lens_analyse', { file: 'for_tools.py' })) as Analysed;
    assert.deepEqual(
      files[0]!.models.map((m) => [m.name, m.params.total]),
      [['Encoder', 3_768_320]],
    );
  });

  it('compare its layers', async () => {
    const result = (await invoke('rnn-lens_compare', { file: file().path })) as {
      readonly layers: readonly {
        readonly rows: readonly { readonly cell: string; readonly sizing: string; readonly params: number }[];
      }[];
    };
    const gru = result.layers[0]!.rows.find((r) => r.cell === 'gru' && r.sizing === 'same-size');
    assert.equal(gru?.params, 2_826_240);
  });

  it('diagnose gradient flow', async () => {
    const result = (await invoke('rnn-lens_diagnose', {
      file: 'for_tools.py',
      sequenceLength: 20,
      layer: 'rnn',
    })) as {
      readonly steps: number;
      readonly cells: readonly {
        readonly cell: string;
        readonly verdict: string;
        readonly decayPerStep: number;
      }[];
    };
    assert.equal(result.steps, 20);
    assert.deepEqual(result.cells.map((c) => c.cell).sort(), ['gru', 'lstm', 'rnn']);
    const decay = (cell: string) => result.cells.find((c) => c.cell === cell)!.decayPerStep;
    // PyTorch's default initialisation: a SimpleRNN loses more each step than a gated cell.
    assert.ok(decay('rnn') > decay('lstm') && decay('lstm') > 0, JSON.stringify(result.cells));
  });

  it('read nothing outside the workspace', async () => {
    await assert.rejects(invoke('rnn-lens_analyse', { file: '/etc/passwd' }), /not a file of the workspace/);
    await assert.rejects(
      invoke('rnn-lens_analyse', { file: '../../etc/passwd' }),
      /not a file of the workspace/,
    );
  });

  it('are listed with the commands', async () => {
    const names = lm.tools.map((t) => t.name).filter((n) => n.startsWith('rnn-lens_'));
    assert.ok(names.includes('rnn-lens_analyse') && names.includes('rnn-lens_compare'), names.join());
    const known = await commands.getCommands(true);
    const declared = (
      extensions.getExtension('rnn-lens.rnn-lens')!.packageJSON as {
        contributes: { commands: { command: string }[] };
      }
    ).contributes.commands;
    assert.deepEqual(
      declared.map((c) => c.command).filter((c) => !known.includes(c)),
      [],
    );
  });
});
