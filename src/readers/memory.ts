/**
 * What readers keep of a document from one reading to the next, so that the next costs only what changed. Whoever reads a document
 * again and again holds one for it and hands it in; results are the same without.
 */
export class ReaderMemory {
  private readonly kept = new Map<string, object>();

  /** What one reader keeps, made when it is first asked for. */
  of<T extends object>(reader: string, make: () => T): T {
    let mine = this.kept.get(reader);
    if (mine === undefined) this.kept.set(reader, (mine = make()));
    return mine as T;
  }
}
