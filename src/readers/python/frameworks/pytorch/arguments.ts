import { add, constant, constantOf, message, type Dim, type Fact, type Message } from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { Arguments, LayerDraft, Value } from '../../evaluate/values';
import { bind, type Bound, type Signature } from '../signature';

/** Reads one constructor call's arguments; remembers what it could not read, so that the layer becomes unknown instead of wrong. */
export class CallReader {
  readonly facts: Record<string, Fact> = {};
  private failure: Message | undefined;
  private readonly depends = new Set<string>();
  private readonly bound: Bound;

  constructor(
    readonly typeName: string,
    signature: Signature,
    readonly args: Arguments,
    readonly host: Host,
  ) {
    this.bound = bind(signature, args, host);
    this.failure = this.bound.error;
  }

  value(name: string): Value | undefined {
    return this.bound.value(name);
  }

  given(name: string): boolean {
    return this.bound.given(name) !== undefined;
  }

  /** A size. */
  size(name: string, field: string): Dim {
    this.note(name, field);
    const value = this.bound.value(name);
    if (value === undefined)
      return this.fail(message('`{0}` of `{1}` is missing.', name, this.typeName), value);
    return this.atLeast(0, this.sizeOf(value, name), name);
  }

  sizeOf(value: Value, name: string): Dim {
    const d = this.host.dim(value);
    if (d) return d;
    if (value.kind === 'float' && value.value !== undefined && Number.isInteger(value.value))
      return constant(value.value);
    return this.fail(message('`{0}` of `{1}` is not a whole number here.', name, this.typeName), value);
  }

  /** The size, unless it is known to be below what the framework takes: then nothing is built, and nothing counted. */
  atLeast(least: number, size: Dim, name: string): Dim {
    const known = constantOf(size);
    if (known === undefined || known >= BigInt(least)) return size;
    return this.fail(
      message(
        '`{0}` of `{1}` is {2} here; `{1}` takes no size below {3}.',
        name,
        this.typeName,
        String(known),
        least,
      ),
      undefined,
    );
  }

  /** For constructors whose whole signature is known: a keyword that it lacks is an error when the model is built. */
  refuseUnknownKeywords(): void {
    const [name] = this.bound.extra.keys();
    if (name !== undefined)
      this.fail(message('`{0}` has no argument `{1}`.', this.typeName, name), undefined);
  }

  /** A flag as 0 or 1. */
  flag(name: string, field: string): Dim {
    this.note(name, field);
    const value = this.bound.value(name);
    if (value === undefined) return constant(0);
    const answer = this.host.truth(value);
    if (typeof answer === 'boolean') return constant(answer ? 1 : 0);
    return (
      this.host.dim(value) ??
      this.fail(message('`{0}` of `{1}` can’t be decided.', name, this.typeName), value)
    );
  }

  /** A flag that must be known for the layer to be understood; undefined when it is not. */
  known(name: string): boolean | undefined {
    const value = this.bound.value(name);
    const answer = value === undefined ? false : this.host.truth(value);
    return typeof answer === 'boolean' ? answer : undefined;
  }

  text(name: string): string | undefined {
    const value = this.bound.value(name);
    return value?.kind === 'str' ? value.value : undefined;
  }

  /** One size per axis: a number stands for all. */
  axes(name: string, field: string, rank: number): Dim[] {
    this.note(name, field);
    const value = this.bound.value(name);
    const items =
      value && (value.kind === 'list' || value.kind === 'tuple') ? this.host.items(value) : undefined;
    if (items) {
      const sizes = items.map((item) => this.sizeOf(item, name));
      return sizes.length === 1 ? Array.from({ length: rank }, () => sizes[0]!) : sizes;
    }
    if (value === undefined)
      return [this.fail(message('`{0}` of `{1}` is missing.', name, this.typeName), value)];
    const one = this.sizeOf(value, name);
    return Array.from({ length: rank }, () => one);
  }

  number(name: string): number | undefined {
    const value = this.bound.value(name);
    if (value?.kind === 'float') return value.value;
    const d = value && this.host.dim(value);
    return d && d.terms.size <= 1
      ? Number(d.terms.get('')?.coefficient ?? (d.terms.size === 0 ? 0n : NaN))
      : undefined;
  }

  private note(name: string, field: string): void {
    const fact = this.bound.fact(name);
    if (fact) this.facts[field] = fact;
  }

  fail(reason: Message, value: Value | undefined): Dim {
    this.failure ??= value?.kind === 'unknown' ? value.reason : reason;
    if (value) for (const root of this.host.rootsOf(value)) this.depends.add(this.host.symbolFor(root));
    return constant(0);
  }

  /** The layer; `unknown` when something in it could not be read. */
  draft(make: LayerDraft): LayerDraft {
    const facts = Object.keys(this.facts).length > 0 ? { facts: this.facts } : {};
    if (this.failure)
      return {
        kind: 'unknown',
        typeName: this.typeName,
        reason: this.failure,
        dependsOn: [...this.depends],
        ...facts,
      };
    return { ...make, ...facts } as LayerDraft;
  }

  /** `1` or `2` from a flag. */
  onePlus(flag: Dim): Dim {
    return add(1, flag);
  }
}
