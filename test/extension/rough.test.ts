import { strict as assert } from 'node:assert';
import { CancellationTokenSource, commands, type LanguageModelTextPart, lm, Uri, workspace } from 'vscode';
import { ScanCache, type CachedFile } from '../../src/editor/workspace/cache';
import { at, hoverText, lensTitles, LSTM, open, repository } from './support';

const here = (name: string) => Uri.joinPath(workspace.workspaceFolders![0]!.uri, name);

/** Asks a tool about a file; its answer, or the words in which it says that there is none. */
async function analyse(uri: Uri): Promise<string> {
  try {
    const { content } = await lm.invokeTool(
      'rnn-lens_analyse',
      { input: { file: uri.path }, toolInvocationToken: undefined },
      new CancellationTokenSource().token,
    );
    return (content[0] as LanguageModelTextPart).value;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('Rough handling', () => {
  it('settings of any kind: the numbers stay, by the default where a setting makes no sense', async () => {
    const document = await open(LSTM);
    const settings = workspace.getConfiguration('rnnLens');
    const keys = [
      'sequenceLength',
      'batchSize',
      'numberType',
      'assumedValues',
      'findings.severity',
      'scan.exclude',
    ];
    const nasty = [null, -1, 1e300, '', '__proto__', [[]], { a: { b: 1 }, __proto__x: [] }, true];
    for (const key of keys) {
      for (const value of nasty) {
        await settings.update(key, value, true);
        const [title] = await lensTitles(document);
        assert.equal(title, '3,768,320 parameters', `${key} = ${JSON.stringify(value)}`);
      }
      await settings.update(key, undefined, true);
    }
    assert.match(await hoverText(document, at(document, 'LSTM(')), /3,768,320/);
  });

  it('files that go, come or shrink while they are read: an answer or a reason, each time', async () => {
    const fixture = Uri.joinPath(repository, 'test/fixtures/saved/onnx/lstm.onnx');
    const bytes = await workspace.fs.readFile(fixture);
    const uri = here('rough.onnx');
    const elsewhere = here('elsewhere.onnx');
    for (let i = 0; i < 12; i++) {
      await workspace.fs.writeFile(uri, bytes);
      const answer = analyse(uri);
      if (i % 3 === 0) await workspace.fs.delete(uri);
      else if (i % 3 === 1) await workspace.fs.rename(uri, elsewhere, { overwrite: true });
      else await workspace.fs.writeFile(uri, bytes.slice(0, 40 * i));
      assert.ok((await answer).length > 10, await answer);
    }
    await workspace.fs.writeFile(uri, bytes);
    assert.match(await analyse(uri), /"total":/);
    await workspace.fs.delete(uri);
    await workspace.fs.delete(elsewhere);
  });

  it('a source file deleted and renamed under an open editor', async () => {
    const uri = here('rough.py');
    await workspace.fs.writeFile(uri, new TextEncoder().encode(LSTM));
    const document = await workspace.openTextDocument(uri);
    assert.equal((await lensTitles(document))[0], '3,768,320 parameters');
    await workspace.fs.rename(uri, here('renamed.py'));
    const renamed = await workspace.openTextDocument(here('renamed.py'));
    assert.equal((await lensTitles(renamed))[0], '3,768,320 parameters');
    await workspace.fs.delete(here('renamed.py'));
    await commands.executeCommand('rnnLens.scanWorkspace');
  });

  describe('the cache of the workspace scan', () => {
    const folder = () => here('cache');
    const file = () => Uri.joinPath(folder(), 'models.json');
    const entry = (params: number): CachedFile =>
      ({
        mtime: 1,
        size: 2,
        models: [{ name: 'M', line: 3, cells: ['lstm'], params }],
      }) as unknown as CachedFile;
    afterEach(() => workspace.fs.delete(folder(), { recursive: true }));

    it('damaged in any way: as if there were none, and written anew', async () => {
      const cache = new ScanCache(folder(), () => 'key');
      await cache.save(new Map([['a.py', entry(1)]]));
      const whole = new TextDecoder().decode(await workspace.fs.readFile(file()));
      assert.equal((await cache.load()).size, 1);
      const damaged = [
        '',
        'null',
        '[]',
        '{"key":"key"}',
        '{"key":"key","files":null}',
        '{"key":"key","files":{"a.py":null}}',
        whole.slice(0, -5),
        whole.replace('"M"', '3'),
        '\u0000'.repeat(100),
      ];
      for (const text of damaged) {
        await workspace.fs.writeFile(file(), new TextEncoder().encode(text));
        assert.equal((await cache.load()).size, 0, text.slice(0, 40));
        await cache.save(new Map([['a.py', entry(1)]]));
        assert.equal((await cache.load()).size, 1, text.slice(0, 40));
      }
    });

    it('written by two windows at once: that of the one, that of the other, or none', async () => {
      const windows = [1, 500].map((files) => ({
        cache: new ScanCache(folder(), () => 'key'),
        files: new Map(Array.from({ length: files }, (_, i) => [`${i}.py`, entry(files)])),
      }));
      await windows[0]!.cache.save(windows[0]!.files);
      for (let round = 0; round < 10; round++) {
        await Promise.all(windows.map(({ cache, files }) => cache.save(files)));
        assert.ok([0, 1, 500].includes((await windows[0]!.cache.load()).size));
      }
      await windows[0]!.cache.save(windows[0]!.files);
      assert.equal((await windows[1]!.cache.load()).size, 1);
    });
  });
});
