import assert from 'node:assert/strict';
import { message } from '../../../src/model';
import { CallFailed, type Port } from '../../../src/protocol/rpc';
import { RpcClient } from '../../../src/protocol/rpc-client';
import { serve } from '../../../src/protocol/rpc-server';

type Sums = {
  readonly add: { readonly params: readonly number[]; readonly result: number; readonly progress: number };
  readonly wait: { readonly params: undefined; readonly result: string; readonly progress: never };
  readonly refuse: { readonly params: undefined; readonly result: never; readonly progress: never };
};

/** Two ports joined to each other, as structured clones on the next turn. */
function channel(): { client: Port; server: Port; die(): void } {
  const listeners: { client: ((v: unknown) => void)[]; server: ((v: unknown) => void)[] } = {
    client: [],
    server: [],
  };
  const exits: (() => void)[] = [];
  let dead = false;
  const port = (to: 'client' | 'server', own: 'client' | 'server'): Port => ({
    postMessage: (value) => {
      const copy = structuredClone(value);
      setImmediate(() => {
        if (!dead) for (const listener of listeners[to]) listener(copy);
      });
    },
    onMessage: (listener) => listeners[own].push(listener),
    onExit: (listener) => exits.push(listener),
    terminate: () => die(),
  });
  const die = (): void => {
    dead = true;
    for (const exit of exits) exit();
  };
  return { client: port('server', 'client'), server: port('client', 'server'), die };
}

function start(): { client: RpcClient<Sums>; die(): void; cancelled: () => boolean } {
  const joined = channel();
  let cancelled = false;
  serve<Sums>(joined.server, {
    add: (numbers, { progress }) => {
      numbers.forEach((_, i) => progress(i + 1));
      return numbers.reduce((a, b) => a + b, 0);
    },
    wait: (_, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          cancelled = true;
          reject(new Error('stopped'));
        }),
      ),
    refuse: () => {
      throw new CallFailed({ code: 'refused', message: message('No: {0}', 'because') });
    },
  });
  return { client: new RpcClient<Sums>(joined.client), die: joined.die, cancelled: () => cancelled };
}

const code = (expected: string) => (error: unknown) => error instanceof CallFailed && error.code === expected;

describe('typed calls', () => {
  it('answers, with progress in order, each call its own', async () => {
    const { client } = start();
    const seen: number[] = [];
    const [a, b] = await Promise.all([
      client.call('add', [1, 2, 3], { onProgress: (n) => seen.push(n) }),
      client.call('add', [10]),
    ]);
    assert.deepEqual([a, b, seen], [6, 10, [1, 2, 3]]);
  });

  it('an error comes back as a failure with its message', async () => {
    const { client } = start();
    await assert.rejects(client.call('refuse', undefined), (error) => {
      assert.ok(code('refused')(error));
      assert.deepEqual((error as CallFailed).failure.message, message('No: {0}', 'because'));
      return true;
    });
  });

  it('an unknown method fails instead of hanging', async () => {
    const { client } = start();
    await assert.rejects(client.call('toString' as 'add', []), code('failed'));
  });

  it('cancel rejects at once and reaches the other side', async () => {
    const { client, cancelled } = start();
    const control = new AbortController();
    const call = client.call('wait', undefined, { signal: control.signal });
    control.abort();
    await assert.rejects(call, code('cancelled'));
    await client.drained();
    assert.equal(cancelled(), true);
    await assert.rejects(client.call('wait', undefined, { signal: AbortSignal.abort() }), code('cancelled'));
  });

  it('a crash rejects whoever waits, and whoever calls after', async () => {
    const { client, die } = start();
    const waiting = [client.call('wait', undefined), client.call('wait', undefined)];
    die();
    for (const call of waiting) await assert.rejects(call, code('crashed'));
    await assert.rejects(client.call('add', [1]), code('crashed'));
    assert.equal(client.alive, false);
  });

  it('a dispose rejects whoever waits, also those who wait for a cancel to arrive', async () => {
    const { client } = start();
    const control = new AbortController();
    const cancelledCall = client.call('wait', undefined, { signal: control.signal });
    const waiting = client.call('wait', undefined);
    control.abort();
    const drained = client.drained();
    client.dispose();
    await assert.rejects(waiting, code('disposed'));
    await assert.rejects(cancelledCall, code('cancelled'));
    await drained;
  });
});
