import { message } from '../model';
import { type Answer, type Call, CallFailed, type Failure, type Methods, type Port } from './rpc';

export interface CallOptions<P> {
  readonly onProgress?: (progress: P) => void;
  /** Aborting sends a cancel and rejects at once with code `cancelled`. */
  readonly signal?: AbortSignal;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: CallFailed) => void;
  readonly onProgress?: (value: unknown) => void;
}

const CANCELLED: Failure = { code: 'cancelled', message: message('Cancelled.') };

/**
 * Calls methods on the other side of a port. Every call settles: with its result, with the failure that came back,
 * or with `crashed`, `disposed` or `cancelled`.
 */
export class RpcClient<M extends Methods> {
  private readonly waiting = new Map<number, Waiting>();
  /** Cancelled calls that the other side has not yet let go of. */
  private readonly draining = new Map<number, () => void>();
  private nextId = 1;
  private gone?: Failure;

  constructor(private readonly port: Port) {
    port.onMessage((value) => this.receive(value as Answer<M>));
    port.onExit((reason) =>
      this.end({
        code: 'crashed',
        message: reason ?? message('The worker ended before it answered.'),
      }),
    );
  }

  /** False once the other side is gone: make a new client. */
  get alive(): boolean {
    return this.gone === undefined;
  }

  call<K extends keyof M & string>(
    method: K,
    params: M[K]['params'],
    options: CallOptions<M[K]['progress']> = {},
  ): Promise<M[K]['result']> {
    const { signal } = options;
    if (this.gone) return Promise.reject(new CallFailed(this.gone));
    if (signal?.aborted) return Promise.reject(new CallFailed(CANCELLED));
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const cancel = (): void => this.cancel(id);
      const settled = (): void => signal?.removeEventListener('abort', cancel);
      this.waiting.set(id, {
        resolve: (value) => (settled(), resolve(value)),
        reject: (error) => (settled(), reject(error)),
        onProgress: options.onProgress,
      });
      signal?.addEventListener('abort', cancel, { once: true });
      this.send({ type: 'call', id, method, params } as Call<M>);
    });
  }

  /** Resolves when the other side has let go of every cancelled call (or is gone). */
  async drained(): Promise<void> {
    if (this.draining.size === 0) return;
    await new Promise<void>((resolve) => {
      const ids = [...this.draining.keys()];
      for (const id of ids) {
        this.draining.set(id, () => {
          if (this.draining.size === 0) resolve();
        });
      }
    });
  }

  /** Rejects whoever waits and ends the other side. */
  dispose(failure: Failure = { code: 'disposed', message: message('The worker was shut down.') }): void {
    this.end(failure);
    this.port.terminate();
  }

  private send(call: Call<M>): void {
    this.port.postMessage(call);
  }

  private cancel(id: number): void {
    const call = this.waiting.get(id);
    if (!call) return;
    this.waiting.delete(id);
    this.draining.set(id, () => undefined);
    this.send({ type: 'cancel', id });
    call.reject(new CallFailed(CANCELLED));
  }

  private receive(answer: Answer<M>): void {
    const call = this.waiting.get(answer.id);
    if (answer.type === 'progress') return call?.onProgress?.(answer.value);
    const drained = this.draining.get(answer.id);
    if (drained) {
      this.draining.delete(answer.id);
      drained();
    }
    if (!call) return;
    this.waiting.delete(answer.id);
    if (answer.type === 'result') call.resolve(answer.value);
    else call.reject(new CallFailed(answer.failure));
  }

  private end(failure: Failure): void {
    if (this.gone) return;
    this.gone = failure;
    const calls = [...this.waiting.values()];
    const drains = [...this.draining.values()];
    this.waiting.clear();
    this.draining.clear();
    for (const call of calls) call.reject(new CallFailed(failure));
    for (const drained of drains) drained();
  }
}
