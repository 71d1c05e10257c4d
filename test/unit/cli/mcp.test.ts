import { strict as assert } from 'node:assert';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import Ajv from 'ajv';
import { serve } from '../../../src/cli/mcp';
import { TOOLS } from '../../../src/engine/tools';

interface Reply {
  readonly id: unknown;
  readonly result?: {
    readonly isError?: boolean;
    readonly content?: readonly { readonly text: string }[];
    readonly structuredContent?: unknown;
    readonly [key: string]: unknown;
  };
  readonly error?: { readonly code: number; readonly message: string };
}

/** Sends lines to the server and collects its answers by id. */
async function talk(...messages: (object | string)[]): Promise<Map<unknown, Reply>> {
  const lines = messages.map((m) => (typeof m === 'string' ? m : JSON.stringify({ jsonrpc: '2.0', ...m })));
  const replies = new Map<unknown, Reply>();
  await serve(Readable.from([`${lines.join('\n')}\n`]), {
    out: (text) => {
      const reply = JSON.parse(text) as Reply;
      replies.set(reply.id, reply);
    },
    err: (text) => assert.fail(text),
  });
  return replies;
}

const call = (id: number, name: string, input: object) => ({
  id,
  method: 'tools/call',
  params: { name, arguments: input },
});

describe('MCP server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rnn-lens-mcp-'));
  const file = join(folder, 'model.py');

  before(() =>
    writeFileSync(
      file,
      'import torch.nn as nn\n\nclass Net(nn.Module):\n    def __init__(self, width):\n        super().__init__()\n        self.rnn = nn.LSTM(width, 20, 2)\n',
    ),
  );
  after(() => rmSync(folder, { recursive: true }));

  it('introduces itself in a version the client speaks', async () => {
    const replies = await talk(
      { id: 1, method: 'initialize', params: { protocolVersion: '2024-11-05' } },
      { id: 2, method: 'initialize', params: { protocolVersion: '1999-01-01' } },
      { method: 'notifications/initialized' },
      { id: 3, method: 'ping' },
    );
    assert.equal(replies.get(1)?.result?.['protocolVersion'], '2024-11-05');
    assert.equal(replies.get(2)?.result?.['protocolVersion'], '2025-06-18');
    assert.deepEqual(replies.get(3)?.result, {});
    assert.equal(replies.size, 3);
  });

  it('offers the tools that the editor offers, with valid schemas', async () => {
    const replies = await talk({ id: 1, method: 'tools/list' });
    const tools = replies.get(1)?.result?.['tools'] as {
      name: string;
      description: string;
      inputSchema: object;
    }[];
    const manifest = JSON.parse(
      readFileSync(resolve(import.meta.dirname, '../../../package.json'), 'utf8'),
    ) as {
      contributes: { languageModelTools: { name: string; modelDescription: string; inputSchema: object }[] };
    };
    assert.deepEqual(
      manifest.contributes.languageModelTools.map((t) => [t.name, t.modelDescription, t.inputSchema]),
      tools.map((t) => [t.name, t.description, t.inputSchema]),
    );
    for (const tool of tools) new Ajv({ strict: true, allowUnionTypes: true }).compile(tool.inputSchema);
  });

  it('analyses and compares a file', async () => {
    const replies = await talk(
      call(1, 'rnn-lens_analyse', { file, assume: { width: 10 } }),
      call(2, 'rnn-lens_compare', { file, assume: { width: 10 }, layer: 'rnn' }),
      call(3, 'rnn-lens_analyse', { file }),
    );
    const total = (id: number) =>
      (replies.get(id)?.result?.structuredContent as { files: { models: { params: { total: number } }[] }[] })
        .files[0]!.models[0]!.params.total;
    assert.equal(total(1), 5_920);
    assert.equal(total(3), null);
    assert.match(
      replies.get(2)!.result!.content![0]!.text,
      /"cell":"gru","sizing":"same-size","current":false,"hiddenSize":20,"params":4440/,
    );
  });

  it('tells the assistant what it cannot do', async () => {
    const replies = await talk(
      call(1, 'rnn-lens_analyse', { file: join(folder, 'none.py') }),
      call(2, 'rnn-lens_analyse', {}),
      call(3, 'rnn-lens_analyse', { file, sequenceLength: -1 }),
      call(4, 'rnn-lens_compare', { file, model: 'Other' }),
      call(5, 'rnn-lens_analyse', { file, colour: 'red' }),
      call(6, 'rnn-lens_diagnose', { file }),
    );
    const said = [...replies.values()].map(
      ({ result }) => [result?.isError, result?.content?.[0]?.text] as const,
    );
    assert.ok(said.every(([isError]) => isError === true));
    const texts = said.map(([, text]) => text).join('\n');
    for (const text of [
      /no such file|cannot be read/,
      /file is missing/,
      /sequenceLength/,
      /no model called Other/,
      /colour/,
      /width/,
    ]) {
      assert.match(texts, text);
    }
  });

  it('answers what is no request with an error, and goes on', async () => {
    const replies = await talk(
      'not json',
      { id: 1, method: 'no/such' },
      { id: 2, method: 'tools/call', params: { name: 'none' } },
      { id: 3, method: 'tools/call', params: { name: 'rnn-lens_analyse', arguments: [] } },
      { id: 4, method: 'ping' },
    );
    assert.equal(replies.get(null)?.error?.code, -32700);
    assert.equal(replies.get(1)?.error?.code, -32601);
    assert.equal(replies.get(2)?.error?.code, -32602);
    assert.equal(replies.get(3)?.error?.code, -32602);
    assert.deepEqual(replies.get(4)?.result, {});
  });

  it('survives whatever a line holds', async () => {
    for (const line of [
      '[]',
      'null',
      '7',
      '{}',
      '{"jsonrpc":"2.0"}',
      '{"jsonrpc":"2.0","id":{},"method":"ping"}',
      '{"__proto__":1}',
    ]) {
      const replies = await talk(line);
      assert.equal(replies.get(null)?.error?.code, -32600, line);
    }
  });

  it('names its tools once each', () => assert.equal(new Set(TOOLS.map((t) => t.name)).size, TOOLS.length));
});
