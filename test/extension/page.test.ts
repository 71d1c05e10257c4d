import { strict as assert } from 'node:assert';
import { extensions, ViewColumn, window } from 'vscode';
import { panelHtml } from '../../src/editor/panel/html';

describe("The panel's page", () => {
  it('may load nothing but its own two files, under a number used once', () => {
    const { extensionUri } = extensions.getExtension('rnn-lens.rnn-lens')!;
    const panel = window.createWebviewPanel('test', 'test', ViewColumn.One);
    try {
      const pages = [1, 2].map(() => panelHtml(panel.webview, extensionUri, '"><script>alert(1)</script>'));
      const nonces = pages.map((html) => {
        const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]?.split('; ');
        assert.equal(policy?.[0], "default-src 'none'");
        const scripts = policy!.find((line) => line.startsWith('script-src'));
        const nonce = /^script-src 'nonce-([0-9a-f]{32})'$/.exec(scripts!)?.[1];
        assert.ok(nonce, scripts);
        assert.equal(html.match(/<script/g)?.length, 1);
        assert.ok(html.includes(`<script nonce="${nonce}"`));
        return nonce;
      });
      assert.notEqual(nonces[0], nonces[1]);
    } finally {
      panel.dispose();
    }
  });
});
