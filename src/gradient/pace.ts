/** Lets a long calculation tell how far it is and stop when nobody wants it any more. */
export interface Watcher {
  /** Called now and then with the share of work done. */
  progress(done: number, total: number): void;
  /** Throws when the run was cancelled. */
  check(): void;
}

/** Longest stretch without letting messages in. */
const STRETCH_MILLISECONDS = 25;

/** Counts units of work, and every few milliseconds lets the thread's messages in, so that a cancel is heard. */
export class Pace {
  private done = 0;
  private last = performance.now();

  constructor(
    private readonly watcher: Watcher,
    private readonly total: number,
  ) {}

  /** Returns a promise when it is time to rest; await it. */
  step(units = 1): Promise<void> | undefined {
    this.done += units;
    return performance.now() - this.last < STRETCH_MILLISECONDS ? undefined : this.rest();
  }

  private async rest(): Promise<void> {
    this.watcher.progress(Math.min(this.done, this.total), this.total);
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    this.watcher.check();
    this.last = performance.now();
  }
}
