/**
 * Checks that a value from the other side of a message channel has the shape its type says. A check is tied to a type:
 * a field added to the type and forgotten here does not compile.
 */
export interface Check<T> {
  /** The first thing wrong, as `path: expected …`; undefined when the value fits. */
  (value: unknown, path: string): string | undefined;
  /** Only carries the type. */
  readonly type?: T;
}

export const aString: Check<string> = (v, at) => (typeof v === 'string' ? undefined : `${at}: expected text`);

export const aBoolean: Check<boolean> = (v, at) =>
  typeof v === 'boolean' ? undefined : `${at}: expected true or false`;

/** A finite number: NaN and infinities do not survive JSON, so they are refused everywhere. */
export const aNumber: Check<number> = (v, at) =>
  typeof v === 'number' && Number.isFinite(v) ? undefined : `${at}: expected a finite number`;

/** An integer between two bounds, both allowed. */
export function anInteger(min: number, max: number): Check<number> {
  return (v, at) =>
    Number.isInteger(v) && (v as number) >= min && (v as number) <= max
      ? undefined
      : `${at}: expected an integer from ${min} to ${max}`;
}

export function oneOf<const T extends string | number | null>(...values: readonly T[]): Check<T> {
  return (v, at) =>
    values.includes(v as T)
      ? undefined
      : `${at}: expected ${values.map((x) => JSON.stringify(x)).join(' or ')}`;
}

export function optional<T>(check: Check<T>): Check<T | undefined> {
  return (v, at) => (v === undefined ? undefined : check(v, at));
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (v, at) => (v === null ? undefined : check(v, at));
}

export function either<A, B>(a: Check<A>, b: Check<B>): Check<A | B> {
  return (v, at) => (a(v, at) === undefined ? undefined : b(v, at));
}

export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (v, at) => {
    if (!Array.isArray(v)) return `${at}: expected a list`;
    for (let i = 0; i < v.length; i++) {
      const wrong = check(v[i], `${at}[${i}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

export function recordOf<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (v, at) => {
    if (!isRecord(v)) return `${at}: expected an object`;
    for (const [key, field] of Object.entries(v)) {
      const wrong = check(field, `${at}.${key}`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

/** Fields that the type does not have are allowed: the other side may be newer. */
export function anObject<T>(fields: { readonly [K in keyof T]-?: Check<T[K]> }): Check<T> {
  const checks = Object.entries(fields) as [string, Check<unknown>][];
  return (v, at) => {
    if (!isRecord(v)) return `${at}: expected an object`;
    for (const [key, check] of checks) {
      const wrong = check(v[key], `${at}.${key}`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

/** A union told apart by its `type` field. */
export function byType<T extends { readonly type: string }>(cases: {
  readonly [K in T['type']]: Check<Extract<T, { readonly type: K }>>;
}): Check<T> {
  const table = new Map<string, Check<unknown>>(Object.entries(cases) as [string, Check<unknown>][]);
  return (v, at) => {
    if (!isRecord(v) || typeof v['type'] !== 'string') return `${at}: expected a message with a type`;
    const check = table.get(v['type']);
    return check === undefined ? `${at}: unknown type ${JSON.stringify(v['type'])}` : check(v, at);
  };
}

function isRecord(v: unknown): v is Record<string, unknown> {
  return typeof v === 'object' && v !== null && !Array.isArray(v);
}
