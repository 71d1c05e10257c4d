import { Products, RunRefused, runFlow, startProducts } from '../gradient';
import { CallFailed } from '../protocol/rpc';
import { type CallContext, type Handlers, throwIfCancelled } from '../protocol/rpc-server';
import type { FlowProgress, WorkerMethods } from '../protocol/worker';

/** What the worker does; tfjs starts at the first call that needs it. */
export function gradientHandlers(wasmFolder: string): Handlers<WorkerMethods> {
  let products: Promise<Products> | undefined;
  const start = (): Promise<Products> => (products ??= startProducts(wasmFolder));
  return {
    flow: async ({ spec, memoryBudget }, context) => {
      try {
        return await runFlow(spec, await start(), memoryBudget, watcherOf(context));
      } catch (error) {
        if (error instanceof RunRefused) throw new CallFailed({ code: 'refused', message: error.reason });
        throw error;
      }
    },
    memory: () => Products.memory(),
  };
}

function watcherOf({ signal, progress }: CallContext<FlowProgress>): {
  progress(done: number, total: number): void;
  check(): void;
} {
  const started = performance.now();
  return {
    progress: (stepsDone, stepsTotal) => {
      const spent = performance.now() - started;
      progress({
        stepsDone,
        stepsTotal,
        ...(stepsDone > 0 ? { millisecondsLeft: (spent / stepsDone) * (stepsTotal - stepsDone) } : {}),
      });
    },
    check: () => throwIfCancelled(signal),
  };
}
