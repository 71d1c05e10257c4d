import type { GradientWorker } from '../engine/gradient-client';
import { TOOLS, ToolError, type ToolPort } from '../engine/tools';
import { DEFAULT_WORKLOAD, formatMessage } from '../model';
import { CallFailed } from '../protocol/rpc';
import { CliError } from './cli-error';
import { analyseFile, loadTrained } from './read-file';
import { VERSION } from './version';
import { startWorker } from './worker';

/** Versions of the protocol (modelcontextprotocol.io) that this server speaks; the newest first. */
const PROTOCOLS = ['2025-06-18', '2025-03-26', '2024-11-05'];

type Id = string | number | null;

interface Request {
  readonly id?: Id;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;

class RpcError extends Error {
  constructor(
    readonly code: number,
    text: string,
  ) {
    super(text);
  }
}

const PORT: ToolPort = {
  workload: DEFAULT_WORKLOAD,
  async analyse(file, workload, assumptions) {
    try {
      return await analyseFile(file, workload, assumptions);
    } catch (error) {
      throw error instanceof CliError ? new ToolError(error.message) : error;
    }
  },
  async trained(file, layer) {
    return loadTrained(file, layer);
  },
  async gradient(spec, signal) {
    // The CLI is one bundle in dist/, the worker's bundle lies beside it. An idle thread ends by itself.
    worker ??= startWorker();
    try {
      return await worker.run(spec, { signal });
    } catch (error) {
      throw error instanceof CallFailed ? new ToolError(formatMessage(error.failure.message)) : error;
    }
  },
};

let worker: GradientWorker | undefined;

/** Ends the gradient thread, if one was started. */
export function endGradient(): void {
  worker?.dispose();
  worker = undefined;
}

/** One client: takes its messages as text, answers through `send`. Never throws for what a client may send. */
export class McpSession {
  private readonly running = new Map<Id, AbortController>();

  constructor(private readonly send: (message: object) => void) {}

  refuse(text: string): Promise<void> {
    this.fail(null, new RpcError(INVALID_REQUEST, text));
    return Promise.resolve();
  }

  async receive(line: string): Promise<void> {
    let id: Id = null;
    try {
      const request = parseRequest(line);
      id = request.id ?? null;
      if (request.id === undefined) return this.notified(request);
      const result = await this.answer(request, request.id);
      this.send({ jsonrpc: '2.0', id, result });
    } catch (error) {
      this.fail(id, error);
    }
  }

  private notified({ method, params }: Request): void {
    if (method === 'notifications/cancelled') this.running.get(params['requestId'] as Id)?.abort();
  }

  private answer({ method, params }: Request, id: Id): object | Promise<object> {
    switch (method) {
      case 'initialize':
        return initialise(params);
      case 'ping':
        return {};
      case 'tools/list':
        return {
          tools: TOOLS.map(({ name, title, description, inputSchema }) => ({
            name,
            title,
            description,
            inputSchema,
            annotations: { readOnlyHint: true, openWorldHint: false },
          })),
        };
      case 'tools/call':
        return this.call(params, id);
      default:
        throw new RpcError(METHOD_NOT_FOUND, `There is no method ${method}.`);
    }
  }

  /** A tool that cannot do its work says so in its result, where the assistant reads it. */
  private async call(params: Request['params'], id: Id): Promise<object> {
    const tool = TOOLS.find(({ name }) => name === params['name']);
    if (!tool) throw new RpcError(INVALID_PARAMS, `There is no tool ${String(params['name'])}.`);
    const input = params['arguments'] ?? {};
    if (!isObject(input)) throw new RpcError(INVALID_PARAMS, 'arguments has to be an object.');
    const control = new AbortController();
    this.running.set(id, control);
    try {
      const result = await tool.run(input, PORT, control.signal);
      return { content: [{ type: 'text', text: JSON.stringify(result) }], structuredContent: result };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return { content: [{ type: 'text', text: error.message }], isError: true };
    } finally {
      this.running.delete(id);
    }
  }

  private fail(id: Id, error: unknown): void {
    const { code, message } =
      error instanceof RpcError
        ? error
        : { code: INTERNAL_ERROR, message: String((error as Error)?.message ?? error) };
    this.send({ jsonrpc: '2.0', id, error: { code, message } });
  }
}

function initialise(params: Request['params']): object {
  const asked = params['protocolVersion'];
  return {
    protocolVersion: typeof asked === 'string' && PROTOCOLS.includes(asked) ? asked : PROTOCOLS[0],
    capabilities: { tools: {} },
    serverInfo: { name: 'rnn-lens', title: 'RNN Lens', version: VERSION },
    instructions:
      'Exact parameter counts, FLOPs and cell comparisons of recurrent models, read from files without running them.',
  };
}

function parseRequest(line: string): Request {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new RpcError(PARSE_ERROR, 'The message is not JSON.');
  }
  if (!isObject(value) || value['jsonrpc'] !== '2.0' || typeof value['method'] !== 'string') {
    throw new RpcError(INVALID_REQUEST, 'The message is no JSON-RPC 2.0 request.');
  }
  const { id, params } = value;
  if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number') {
    throw new RpcError(INVALID_REQUEST, 'The id has to be a text or a number.');
  }
  return {
    ...(id === undefined ? {} : { id }),
    method: value['method'],
    params: isObject(params) ? params : {},
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
