import type { FlowProfile, FlowSpec, ProbeProgress, ProbeResult, ProbeSpec } from '../model';
import { message } from '../model';
import { CallFailed, type Failure, type Port } from '../protocol/rpc';
import { type CallOptions, RpcClient } from '../protocol/rpc-client';
import type { FlowMeasures, FlowProgress, WorkerMethods } from '../protocol/worker';
import { flowKey } from './flow-key';

export interface GradientWorkerOptions {
  /** Runs whose tensors would need more bytes than this are refused up front. */
  readonly memoryBudget?: number;
  /** The thread is ended after this much idleness; the next run starts it again. */
  readonly idleMilliseconds?: number;
  /** How long a cancelled run may take to let go before its thread is ended. */
  readonly graceMilliseconds?: number;
  /** How many profiles are kept. */
  readonly cacheSize?: number;
}

const DEFAULTS: Required<GradientWorkerOptions> = {
  memoryBudget: 1 << 30,
  idleMilliseconds: 120_000,
  graceMilliseconds: 60,
  cacheSize: 64,
};

/**
 * Runs gradient-flow diagnostics in a thread that is started when first needed, kept warm, and started again
 * after a crash. Runs queue: one at a time. Rejections are {@link CallFailed}.
 */
export class GradientWorker {
  private readonly options: Required<GradientWorkerOptions>;
  private readonly cache = new Map<string, FlowMeasures>();
  private client?: RpcClient<WorkerMethods>;
  private last: Promise<unknown> = Promise.resolve();
  private idle?: ReturnType<typeof setTimeout>;
  private pending = 0;
  private disposed = false;

  /** `spawn` makes the thread: see `nodeWorkerPort`. */
  constructor(
    private readonly spawn: () => Port,
    options: GradientWorkerOptions = {},
  ) {
    this.options = { ...DEFAULTS, ...options };
  }

  /** Whether a thread is running now. */
  get running(): boolean {
    return this.client?.alive === true;
  }

  /** The profile of `spec`: from the cache, or computed. */
  async run(spec: FlowSpec, options: CallOptions<FlowProgress> = {}): Promise<FlowProfile> {
    const key = flowKey(spec);
    const { memoryBudget } = this.options;
    const measures = this.cache.get(key) ?? (await this.call('flow', { spec, memoryBudget }, options));
    this.remember(key, measures);
    return { ...measures, spec };
  }

  /** Trains cells on a long-memory task; progress carries the curves so far. Never cached. */
  probe(spec: ProbeSpec, options: CallOptions<ProbeProgress> = {}): Promise<ProbeResult> {
    return this.call('probe', { spec }, options);
  }

  /** What tfjs holds in the thread right now. */
  memory(): Promise<WorkerMethods['memory']['result']> {
    return this.call('memory', undefined);
  }

  /** Ends the thread and rejects whoever waits. */
  dispose(): void {
    this.disposed = true;
    clearTimeout(this.idle);
    this.client?.dispose();
    this.client = undefined;
  }

  private call<K extends keyof WorkerMethods & string>(
    method: K,
    params: WorkerMethods[K]['params'],
    options: CallOptions<WorkerMethods[K]['progress']> = {},
  ): Promise<WorkerMethods[K]['result']> {
    this.pending++;
    clearTimeout(this.idle);
    const turn = this.last.then(() => this.start(method, params, options));
    this.last = turn.then(
      () => this.settle(),
      () => this.settle(),
    );
    return untilAborted(turn, options.signal);
  }

  private start<K extends keyof WorkerMethods & string>(
    method: K,
    params: WorkerMethods[K]['params'],
    options: CallOptions<WorkerMethods[K]['progress']>,
  ): Promise<WorkerMethods[K]['result']> {
    if (this.disposed) return Promise.reject(new CallFailed(DISPOSED));
    if (options.signal?.aborted) return Promise.reject(new CallFailed(CANCELLED));
    if (!this.client?.alive) this.client = new RpcClient<WorkerMethods>(this.spawn());
    return this.client.call(method, params, options);
  }

  /** After each run: end the thread if it clings to a cancelled run, and shut it down when nobody calls again. */
  private async settle(): Promise<void> {
    const client = this.client;
    if (client?.alive) {
      const freed = await within(client.drained(), this.options.graceMilliseconds);
      if (!freed) client.dispose();
    }
    this.pending--;
    if (this.pending > 0 || this.disposed) return;
    this.idle = setTimeout(() => this.client?.dispose(), this.options.idleMilliseconds);
    // An idle thread must not keep a command-line run alive; browsers' timers have no unref.
    if (typeof this.idle === 'object') this.idle.unref();
  }

  private remember(key: string, measures: FlowMeasures): void {
    this.cache.delete(key);
    this.cache.set(key, measures);
    for (const oldest of this.cache.keys()) {
      if (this.cache.size <= this.options.cacheSize) break;
      this.cache.delete(oldest);
    }
  }
}

const CANCELLED: Failure = { code: 'cancelled', message: message('Cancelled.') };
const DISPOSED: Failure = { code: 'disposed', message: message('The worker was shut down.') };

/** Rejects at once on abort, also while the call still waits for its turn. */
function untilAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new CallFailed(CANCELLED));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Whether `promise` resolved in time. */
async function within(promise: Promise<void>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const inTime = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
