import assert from 'node:assert/strict';
import { join } from 'node:path';
import fc from 'fast-check';
import { endGradient, McpSession } from '../../../src/cli/mcp-session';
import { FIXTURES } from '../../unit/cli/harness';
import { nearly, nastyValue } from '../support/nasty';
import { BUDGET, tried } from '../support/tried';

const call = (name: string, input: object) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: input },
});
const file = join(FIXTURES, 'tagger.py');

const GENUINE = [
  { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {} } },
  { jsonrpc: '2.0', id: 'a', method: 'ping' },
  { jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} },
  { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } },
  call('rnn-lens_analyse', { file, sequenceLength: 10, batchSize: 2, assume: { vocab_size: 100 } }),
  call('rnn-lens_compare', { file, layer: 'rnn', model: 'Tagger' }),
]; // prettier-ignore

describe('Messages to the MCP server', () => {
  after(() => endGradient());

  it('nearly right or nonsense: one reply to each request, in JSON, and the server lives', async () => {
    const line = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...GENUINE).chain(nearly).map((v) => JSON.stringify(v) ?? '') },
      { weight: 1, arbitrary: nastyValue.map((value) => JSON.stringify(value) ?? '') },
      { weight: 1, arbitrary: fc.constantFrom(...GENUINE).chain((v) => fc.nat(120).map((n) => JSON.stringify(v).slice(0, n))) },
      { weight: 1, arbitrary: fc.string() },
    ); // prettier-ignore
    const sent: { id?: unknown; result?: unknown; error?: { code: number; message: string } }[] = [];
    const session = new McpSession((message) => sent.push(JSON.parse(JSON.stringify(message)) as object));
    await fc.assert(
      fc.asyncProperty(line, async (text) => {
        sent.length = 0;
        await tried('Messages to MCP', text.length, () => session.receive(text));
        assert.ok(sent.length <= 1, `${sent.length} replies`);
        for (const { result, error } of sent) {
          assert.ok((result === undefined) !== (error === undefined));
          // A defect of ours would be an internal error.
          if (error) assert.ok(error.code !== -32603, `${text}: ${error.message}`);
        }
      }),
      { numRuns: 600 * BUDGET },
    );
    sent.length = 0;
    await session.receive(JSON.stringify(GENUINE[1]));
    assert.deepEqual(sent, [{ jsonrpc: '2.0', id: 'a', result: {} }]);
  });
});
