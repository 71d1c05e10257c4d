import { type Message, formatMessage, message } from '../model';

/** What one side of a channel offers: by method, what goes in, what comes out and what is told on the way. */
export type Methods = Readonly<Record<string, Method>>;
interface Method {
  readonly params: unknown;
  readonly result: unknown;
  readonly progress: unknown;
}

/** One end of a channel to a thread, a web worker or a child; all a client needs to know of any of them. */
export interface Port {
  postMessage(value: unknown): void;
  onMessage(listener: (value: unknown) => void): void;
  /** Told once, when the other side is gone, whatever the cause. `reason` is absent for a clean exit. */
  onExit(listener: (reason?: Message) => void): void;
  terminate(): void;
}

/** Why a call gave no answer. */
export type FailureCode = 'cancelled' | 'crashed' | 'disposed' | 'refused' | 'failed';

/** An error as it travels: a value, never an exception. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: Message;
}

/** What a caller catches: a {@link Failure} as an exception. `failure.message` is the translatable text. */
export class CallFailed extends Error {
  constructor(readonly failure: Failure) {
    super(formatMessage(failure.message));
    this.name = 'CallFailed';
  }

  get code(): FailureCode {
    return this.failure.code;
  }
}

/** Turns whatever was thrown into a failure; an unexpected exception keeps its own words. */
export function toFailure(error: unknown): Failure {
  if (error instanceof CallFailed) return error.failure;
  const text = error instanceof Error ? error.message : String(error);
  return { code: 'failed', message: message('The calculation failed: {0}', text) };
}

/** Client to server. */
export type Call<M extends Methods> =
  | { [K in keyof M & string]: { type: 'call'; id: number; method: K; params: M[K]['params'] } }[keyof M &
      string]
  | { type: 'cancel'; id: number };

/** Server to client. */
export type Answer<M extends Methods> =
  | { type: 'result'; id: number; value: M[keyof M & string]['result'] }
  | { type: 'progress'; id: number; value: M[keyof M & string]['progress'] }
  | { type: 'failure'; id: number; failure: Failure };
