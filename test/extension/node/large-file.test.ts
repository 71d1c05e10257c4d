import { strict as assert } from 'node:assert';
import { open, rm } from 'node:fs/promises';
import { CancellationTokenSource, extensions, type LanguageModelTextPart, lm, Uri, workspace } from 'vscode';

describe('A saved model of a gigabyte', () => {
  const uri = () => Uri.joinPath(workspace.workspaceFolders![0]!.uri, 'large.safetensors');
  before(async () => {
    await extensions.getExtension('rnn-lens.rnn-lens')!.activate();
    const bytes = 1 << 30;
    const size = bytes / 4 / 1024;
    const header = Buffer.from(
      JSON.stringify({ 'out.weight': { dtype: 'F32', shape: [size, 1024], data_offsets: [0, bytes] } }),
    );
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    // The file system keeps no place for what was never written.
    const file = await open(uri().fsPath, 'w');
    await file.write(Buffer.concat([length, header]));
    await file.truncate(8 + header.length + bytes);
    await file.close();
  });
  after(() => rm(uri().fsPath));

  it('is read in pieces, not copied', async () => {
    const before = process.memoryUsage().rss;
    const { content } = await lm.invokeTool(
      'rnn-lens_analyse',
      { input: { file: uri().path }, toolInvocationToken: undefined },
      new CancellationTokenSource().token,
    );
    const { files } = JSON.parse((content[0] as LanguageModelTextPart).value) as {
      files: { models: { params: { total: number } }[] }[];
    };
    assert.equal(files[0]!.models[0]!.params.total, (1 << 30) / 4);
    const grown = process.memoryUsage().rss - before;
    assert.ok(grown < 200e6, `${(grown / 1e6).toFixed(0)} MB`);
  });
});
