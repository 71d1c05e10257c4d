import { message } from '../model';
import { type Answer, type Call, CallFailed, type Methods, type Port, toFailure } from './rpc';

/** What a running method is given: a way to say how far it is, and a way to learn that nobody wants the answer any more. */
export interface CallContext<P> {
  readonly signal: AbortSignal;
  progress(value: P): void;
}

export type Handlers<M extends Methods> = {
  [K in keyof M]: (
    params: M[K]['params'],
    context: CallContext<M[K]['progress']>,
  ) => M[K]['result'] | Promise<M[K]['result']>;
};

/** Answers calls that arrive at `port`. What a handler throws travels back as a failure. */
export function serve<M extends Methods>(
  port: Pick<Port, 'postMessage' | 'onMessage'>,
  handlers: Handlers<M>,
): void {
  const running = new Map<number, AbortController>();
  const send = (answer: Answer<M>): void => port.postMessage(answer);

  const answer = async (call: Extract<Call<M>, { type: 'call' }>): Promise<void> => {
    const { id, method, params } = call;
    const control = new AbortController();
    running.set(id, control);
    try {
      const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
      if (!handler) throw new Error(`no method ${method}`);
      const value = await handler(params, {
        signal: control.signal,
        progress: (value) => send({ type: 'progress', id, value }),
      });
      send({ type: 'result', id, value });
    } catch (error) {
      send({ type: 'failure', id, failure: toFailure(error) });
    } finally {
      running.delete(id);
    }
  };

  port.onMessage((value) => {
    if (!isCall<M>(value)) return;
    if (value.type === 'cancel') running.get(value.id)?.abort();
    else void answer(value);
  });
}

/** What is no call has nobody who waits for an answer: it is left alone. */
function isCall<M extends Methods>(value: unknown): value is Call<M> {
  const { type, id } = (value ?? {}) as { readonly type?: unknown; readonly id?: unknown };
  return (type === 'call' || type === 'cancel') && typeof id === 'number';
}

/** Throws a `cancelled` failure once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CallFailed({ code: 'cancelled', message: message('Cancelled.') });
}
