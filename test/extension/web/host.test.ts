import { strict as assert } from 'node:assert';
import { extensions } from 'vscode';

describe('The host of these tests', () => {
  it("is the browser's: no Node, and the extension runs in it", async () => {
    assert.equal(typeof (globalThis as { process?: unknown }).process, 'undefined');
    assert.equal(typeof (globalThis as { require?: unknown }).require, 'undefined');
    const extension = extensions.getExtension('rnn-lens.rnn-lens')!;
    await extension.activate();
    assert.ok(extension.isActive);
    assert.equal((extension.packageJSON as { browser: string }).browser, './dist/web/extension.js');
  });
});
