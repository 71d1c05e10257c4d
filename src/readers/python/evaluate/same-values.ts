import { SourceText } from '../parse/text';
import type { Scope } from './values';

/** What differs from one reading to the next without meaning anything. */
const OF_ONE_READING: ReadonlySet<string> = new Set(['id', 'symbol', 'stand', 'choices']);

/**
 * Compares values of two readings: the same data, made by the same statements at the same addresses, sharing alike. False when in doubt, so that what is
 * the same can be trusted to lead to the same models.
 */
export class SameValues {
  /** Pairs found to be the same earlier: values of this reading by those of an earlier one. */
  private readonly known = new WeakMap<object, object>();

  same(before: unknown, now: unknown): boolean {
    const supposed = new Map<object, object>();
    if (!this.compare(before, now, supposed)) return false;
    for (const [a, b] of supposed) this.known.set(a, b);
    return true;
  }

  private compare(a: unknown, b: unknown, supposed: Map<object, object>): boolean {
    if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return Object.is(a, b);
    if (a === b && isSyntax(a)) return true;
    const pair = supposed.get(a) ?? this.known.get(a);
    if (pair !== undefined) return pair === b;
    if (a instanceof SourceText) return b instanceof SourceText && a.file === b.file;
    if (isSyntax(a)) return false;
    if (isModule(a)) return isModule(b) && a.text.file === b.text.file;
    supposed.set(a, b);
    if (isScope(a)) return isScope(b) && this.scopes(a, b, supposed);
    if (Array.isArray(a)) return Array.isArray(b) && this.lists(a, b, supposed);
    if (a instanceof Map) return b instanceof Map && this.lists([...a], [...b], supposed);
    if (a instanceof Set) return b instanceof Set && this.lists([...a], [...b], supposed);
    return plain(a) && plain(b) && this.records(a, b, supposed);
  }

  private lists(a: readonly unknown[], b: readonly unknown[], supposed: Map<object, object>): boolean {
    return a.length === b.length && a.every((item, i) => this.compare(item, b[i], supposed));
  }

  private records(
    a: Record<string, unknown>,
    b: Record<string, unknown>,
    supposed: Map<object, object>,
  ): boolean {
    const keys = Object.keys(a).filter((k) => !OF_ONE_READING.has(k));
    if (keys.length !== Object.keys(b).filter((k) => !OF_ONE_READING.has(k)).length) return false;
    return keys.every((key) =>
      key === 'derived'
        ? this.compare(settled(a[key]), settled(b[key]), supposed)
        : key in b && this.compare(a[key], b[key], supposed),
    );
  }

  /** A module's own names count only where they are read, and that is noted. */
  private scopes(a: Scope, b: Scope, supposed: Map<object, object>): boolean {
    if (a.module.text.file !== b.module.text.file) return false;
    const [top, other] = [a.names === a.module.names, b.names === b.module.names];
    if (top || other) return top && other;
    return (
      this.compare(a.names, b.names, supposed) &&
      this.compare(a.redirected, b.redirected, supposed) &&
      (a.parent === undefined ? b.parent === undefined : this.compare(a.parent, b.parent, supposed))
    );
  }
}

/** Parts of an unknown that code has set; the others come up as they are asked for. */
function settled(derived: unknown): unknown {
  return derived instanceof Map
    ? [...derived].filter(([, v]) => (v as { kind: string }).kind !== 'unknown')
    : derived;
}

function isSyntax(value: object): boolean {
  return 'from' in value && 'to' in value && !('text' in value);
}

function isModule(value: object): value is { text: SourceText } {
  return 'kind' in value && value.kind === 'module';
}

function isScope(value: object): value is Scope {
  return 'names' in value && 'module' in value;
}

function plain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
