/** What a pickle says, as data. Nothing in here is ever called. */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PyTuple
  | PyList
  | PyDict
  | PySet
  | PyGlobal
  | PyCall
  | PyStorage
  | PyTensor;

export class PyTuple {
  constructor(readonly items: readonly PyValue[]) {}
}

export class PyList {
  readonly items: PyValue[] = [];
}

export class PySet {
  readonly items: PyValue[] = [];
}

/** Keyed by JavaScript values: strings and numbers by value, everything else by identity. */
export class PyDict {
  readonly entries = new Map<PyValue, PyValue>();
  /** What `BUILD` gave it (an OrderedDict's `_metadata`). */
  state: PyValue = null;

  get(key: string): PyValue | undefined {
    return this.entries.get(key);
  }
}

/** A name the pickle would import. */
export class PyGlobal {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** A call or construction the pickle would make: remembered, not made. */
export class PyCall {
  state: PyValue = null;

  constructor(
    readonly callee: PyValue,
    readonly args: PyValue,
  ) {}

  /** The class, when what would be called is a plain name. */
  get className(): string | undefined {
    return this.callee instanceof PyGlobal ? this.callee.path : undefined;
  }
}

/** A run of numbers kept outside the pickle. */
export class PyStorage {
  constructor(
    /** `float32`, `int64` … as PyTorch names dtypes; undefined when the storage has no type of its own. */
    readonly dtype: string | undefined,
    readonly key: string,
    /** In elements, as the file claims. */
    readonly count: number,
  ) {}
}

export class PyTensor {
  constructor(
    readonly storage: PyStorage | undefined,
    readonly dtype: string,
    /** In elements. */
    readonly offset: number,
    readonly shape: readonly number[],
    readonly stride: readonly number[],
    readonly requiresGrad: boolean,
    readonly isParameter: boolean,
  ) {}
}

const MAX_WALK = 2_000_000;

/** Every storage a value refers to, by key; each value is looked at once, so cycles end. */
export function storagesIn(root: PyValue): Map<string, PyStorage> {
  const found = new Map<string, PyStorage>();
  const seen = new Set<PyValue>();
  const open: PyValue[] = [root];
  while (open.length > 0 && seen.size < MAX_WALK) {
    const value = open.pop()!;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (value instanceof PyStorage) found.set(value.key, value);
    else if (value instanceof PyTensor) open.push(value.storage ?? null);
    else if (value instanceof PyDict) {
      for (const [k, v] of value.entries) open.push(k, v);
      open.push(value.state);
    } else if (value instanceof PyCall) open.push(value.callee, value.args, value.state);
    else if (value instanceof PyTuple || value instanceof PyList || value instanceof PySet) {
      for (const item of value.items) open.push(item);
    }
  }
  return found;
}
