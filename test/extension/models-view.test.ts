import { strict as assert } from 'node:assert';
import { commands, extensions, Uri, workspace } from 'vscode';
import { eventually, LSTM } from './support';

interface Node {
  readonly uri: string;
  readonly model: string;
  readonly summary: { readonly params?: number; readonly cells: readonly string[] };
}

describe('The list of recurrent models', () => {
  const folder = () => Uri.joinPath(workspace.workspaceFolders![0]!.uri, 'scanned');
  const write = (name: string, text: string) =>
    workspace.fs.writeFile(Uri.joinPath(folder(), name), new TextEncoder().encode(text));
  const scan = async () => {
    const nodes = await commands.executeCommand<Node[]>('rnnLens.scanWorkspace');
    return nodes.filter((n) => n.uri.includes('/scanned/'));
  };

  before(async () => {
    await extensions.getExtension('rnn-lens.rnn-lens')!.activate();
    await write('big.py', LSTM);
    await write('small.py', LSTM.replace('512, 2', '20').replace('Encoder', 'Small'));
    await write('other.py', 'print("an lstm in words only")\n');
    await write('venv/lib.py', LSTM);
    await write(
      'notebook.ipynb',
      JSON.stringify({
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {},
        cells: [{ cell_type: 'code', source: LSTM.replace('Encoder', 'InNotebook').replace('512, 2', '30') }],
      }),
    );
    await workspace.fs.writeFile(
      Uri.joinPath(workspace.workspaceFolders![0]!.uri, '.gitignore'),
      new TextEncoder().encode('ignored.py\n'),
    );
    await write('ignored.py', LSTM);
  });
  after(async () => {
    await workspace.fs.delete(folder(), { recursive: true });
    await workspace.fs.delete(Uri.joinPath(workspace.workspaceFolders![0]!.uri, '.gitignore'));
  });

  it('holds every model, the largest first, without what is excluded or ignored', async () => {
    assert.deepEqual(
      (await scan()).map((n) => [n.model, n.summary.params, n.summary.cells]),
      [
        ['Encoder', 3_768_320, ['lstm']],
        ['InNotebook', 4 * 30 * (300 + 30 + 2), ['lstm']],
        ['Small', 4 * 20 * (300 + 20 + 2), ['lstm']],
      ],
    );
  });

  it('follows the files, and remembers what has not changed', async () => {
    await write('small.py', LSTM.replace('512, 2', '40').replace('Encoder', 'Small'));
    await eventually(
      async () =>
        (await scan()).find((n) => n.model === 'Small' && n.summary.params === 4 * 40 * (300 + 40 + 2)),
      'the new size',
    );
    await workspace.fs.delete(Uri.joinPath(folder(), 'small.py'));
    await eventually(
      async () => ((await scan()).some((n) => n.model === 'Small') ? undefined : true),
      'the file going away',
    );
  });
});
