import { Products, RunRefused, type Watcher, runFlow, runProbe, startProducts } from '../gradient';
import { CallFailed } from '../protocol/rpc';
import { type CallContext, type Handlers, throwIfCancelled } from '../protocol/rpc-server';
import type { FlowProgress, WorkerMethods } from '../protocol/worker';

/** What the worker does; tfjs starts at the first call that needs it. */
export function gradientHandlers(wasmFolder: string): Handlers<WorkerMethods> {
  let products: Promise<Products> | undefined;
  const start = (): Promise<Products> => (products ??= startProducts(wasmFolder));
  return {
    flow: async ({ spec, memoryBudget }, context) =>
      refusalsAsFailures(async () => {
        const profile = await runFlow(spec, await start(), memoryBudget, watcherOf(context));
        // The caller has the spec: trained weights need not travel back.
        return { ...profile, spec: undefined };
      }),
    probe: async ({ spec }, { signal, progress }) => {
      const left = timer();
      return refusalsAsFailures(async () =>
        runProbe(spec, await start(), {
          point: (done, total, result) => progress({ done, total, ...left(done, total), result }),
          check: () => throwIfCancelled(signal),
        }),
      );
    },
    memory: async () => {
      await start();
      return Products.memory();
    },
  };
}

async function refusalsAsFailures<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof RunRefused) throw new CallFailed({ code: 'refused', message: error.reason });
    throw error;
  }
}

function watcherOf({ signal, progress }: CallContext<FlowProgress>): Watcher {
  const left = timer();
  return {
    progress: (stepsDone, stepsTotal) => progress({ stepsDone, stepsTotal, ...left(stepsDone, stepsTotal) }),
    check: () => throwIfCancelled(signal),
  };
}

/** Time left from the speed so far, once something is done. */
function timer(): (done: number, total: number) => { readonly millisecondsLeft?: number } {
  const started = performance.now();
  return (done, total) =>
    done > 0 ? { millisecondsLeft: ((performance.now() - started) / done) * (total - done) } : {};
}
