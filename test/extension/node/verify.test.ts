import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { commands, ConfigurationTarget, Uri, window, workspace } from 'vscode';
import { eventually, repository } from '../support';

/** Python as the machine has it; the test says what happens where there is none, too. */
const PYTHON = ['python3', 'python'].find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

describe('Verify with Python', () => {
  const settings = () => workspace.getConfiguration('rnnLens.verify');

  afterEach(async () => {
    for (const name of ['pythonPath', 'timeoutSeconds'])
      await settings().update(name, undefined, ConfigurationTarget.Global);
  });

  async function openFixture(name: string): Promise<Uri> {
    const uri = Uri.joinPath(repository, 'test/fixtures/verify', name);
    await window.showTextDocument(await workspace.openTextDocument(uri));
    return uri;
  }

  const page = (of: Uri) =>
    workspace.textDocuments.find(
      (d) => d.uri.scheme === 'rnn-lens-verification' && d.uri.query === of.toString(),
    );

  it('counts in a process of its own and shows both counts, layer by layer', async () => {
    await settings().update('pythonPath', PYTHON ?? 'python3', ConfigurationTarget.Global);
    const uri = await openFixture('model.py');
    const ran = commands.executeCommand('rnnLens.verifyWithPython');
    if (PYTHON === undefined) {
      await ran;
      assert.equal(page(uri), undefined);
      return;
    }
    await ran;
    const text = (await eventually(() => page(uri), 'the page')).getText();
    assert.match(text, /Both count 5,983 parameters/);
    assert.match(text, /`rnn`.*5,920.*5,920.*✓/);
    assert.match(text, /`out`.*63.*63.*✓/);
    assert.match(text, /PyTorch stand\\?-in/);
    // What only a caller could give is said, not guessed.
    assert.match(text, /## Asks\n\nIt could not be made: TypeError/);
  });

  it('stops a file that does not end', async () => {
    await settings().update('pythonPath', PYTHON ?? 'python3', ConfigurationTarget.Global);
    await settings().update('timeoutSeconds', 2, ConfigurationTarget.Global);
    const uri = await openFixture('endless.py');
    const started = Date.now();
    await commands.executeCommand('rnnLens.verifyWithPython');
    assert.ok(Date.now() - started < 30_000);
    assert.equal(page(uri), undefined);
  });
});
