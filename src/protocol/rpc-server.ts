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
    const call = value as Call<M>;
    if (call.type === 'cancel') running.get(call.id)?.abort();
    else void answer(call);
  });
}

/** Throws a `cancelled` failure once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new CallFailed({ code: 'cancelled', message: message('Cancelled.') });
}
