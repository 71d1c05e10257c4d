import {
  type Dim,
  type Fact,
  type Layer,
  type LayerBase,
  type LayerCall,
  type Message,
  SEQ_LEN,
  type Shape,
  constant,
  constantOf,
  message,
  symbol,
  valueOf,
} from '../../model';
import type { BuildContext } from './context';
import { type Config, type ConfigValue, type LayerSpec, isDim, isLayerSpec, isList, isUnknown } from './spec';

/** Stands for the leading axes of a shape of which only the last axis is known. */
const LEAD = symbol('$lead');

/** A shape of which only the last axis is known. */
export function onlyLast(last: Dim): Shape {
  return [LEAD, last];
}

/** The shape, if all its axes are known. */
export function whole(shape: Shape | undefined): Shape | undefined {
  return shape?.[0] === LEAD ? undefined : shape;
}

/** What building a layer at one call gives: its leaf layers, each with that call, and what comes out. */
export interface LayerRun {
  readonly layers: readonly Layer[];
  /** One shape per output tensor; `undefined` where even the rank is unknown. */
  readonly outputs: readonly (Shape | undefined)[];
}

export type Shapes = readonly (Shape | undefined)[];

/** Builds a spec at a place; injected so that wrappers and models can build what is inside them. */
export type BuildAt = (site: Site) => LayerRun;

/** How a site differs from the plain case: the wrappers and loops around it. */
export interface Around {
  readonly times?: Dim;
  /** Wrappers' names, outermost first: `TimeDistributed(Bidirectional(LSTM))`. */
  readonly wrappers?: readonly string[];
  readonly frozen?: boolean;
  readonly callConfig?: Config;
  readonly callSource?: LayerBase['source'];
  /** The layer stands where the model begins, so an unknown length is the sequence length. */
  readonly first?: boolean;
}

/** One layer at one call: its configuration read with defaults, unknowns turned into named sizes. */
export class Site {
  constructor(
    readonly spec: LayerSpec,
    readonly path: string,
    /** The inputs' shapes; some may be known by their last axis only. */
    readonly raw: Shapes,
    readonly ctx: BuildContext,
    readonly build: BuildAt,
    readonly around: Around = {},
  ) {
    this.inputs = raw.map(whole);
  }

  /** The inputs' shapes as far as all axes are known. */
  readonly inputs: Shapes;

  get input(): Shape | undefined {
    return this.inputs[0];
  }

  get typeName(): string {
    return [...(this.around.wrappers ?? [])].reduceRight(
      (inner, wrapper) => `${wrapper}(${inner})`,
      this.spec.className,
    );
  }

  get frozen(): boolean {
    return (
      this.around.frozen === true || this.spec.frozen === true || this.spec.config.get('trainable') === false
    );
  }

  /** Another spec inside this one (a wrapped layer, a cell, a nested model's layer). */
  inner(spec: LayerSpec, path: string, inputs: Shapes, around: Around = {}): Site {
    const { times = constant(1), frozen } = { ...this.around, ...around };
    return new Site(spec, path, inputs, this.ctx, this.build, {
      ...around,
      times,
      frozen: this.frozen || frozen === true,
      callSource: around.callSource ?? this.around.callSource,
    });
  }

  /** The common part of a leaf layer with this call. `fields` says which of Keras' fields each of ours is. */
  base(
    output: Shape | undefined,
    fields: Readonly<Record<string, string>> = {},
    call: Partial<LayerCall> = {},
  ) {
    return {
      path: this.path,
      typeName: this.typeName,
      framework: this.ctx.framework,
      source: this.spec.source,
      ...factsOf(this.spec, fields),
      ...(this.frozen ? { frozen: true } : {}),
      calls: [this.call(output, call)],
    } satisfies LayerBase;
  }

  call(output: Shape | undefined, more: Partial<LayerCall> = {}): LayerCall {
    const full = whole(output);
    return {
      inputs: this.inputs,
      ...(full ? { output: full } : {}),
      times: this.around.times ?? constant(1),
      ...(this.around.callSource ? { source: this.around.callSource } : {}),
      ...more,
    };
  }

  get(field: string): ConfigValue | undefined {
    return this.spec.config.get(field);
  }

  has(field: string): boolean {
    const value = this.get(field);
    return value !== undefined && value !== null;
  }

  /** A required size; a named unknown when the source does not settle it, or settles it on what Keras refuses. */
  dim(field: string, least = 1): Dim {
    const size = this.toDim(this.get(field), field);
    const known = constantOf(size);
    if (known === undefined || known >= BigInt(least)) return size;
    const reason = message(
      '`{0}` of `{1}` is {2} here; `{1}` takes no size below {3}.',
      field,
      this.spec.className,
      String(known),
      least,
    );
    return this.unknown(field, reason);
  }

  dimOr(field: string, fallback: number): Dim {
    return this.has(field) ? this.dim(field, 0) : constant(fallback);
  }

  /** A configuration value as a size. */
  toDim(value: ConfigValue | undefined, field: string): Dim {
    if (isDim(value)) return value;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return constant(value);
    if (typeof value === 'boolean') return constant(value ? 1 : 0);
    if (isUnknown(value)) {
      return value.symbol ?? this.ctx.unknown(`${this.path}.${field}`, value.unknown, this.spec.source);
    }
    return this.unknown(
      field,
      value === undefined || value === null
        ? message('{0} is not given for {1}', field, this.typeName)
        : message('{0} of {1} is not a whole number', field, this.typeName),
    );
  }

  /** A 0/1 size from a flag. */
  flag(field: string, fallback: boolean): Dim {
    const value = this.get(field);
    if (value === undefined || value === null) return constant(fallback ? 1 : 0);
    return this.toDim(value, field);
  }

  /** A flag that decides about shapes: undefined when unknown. */
  bool(field: string, fallback: boolean): boolean | undefined {
    const n = valueOf(this.flag(field, fallback));
    return n === undefined ? undefined : n !== 0;
  }

  text(field: string): string | undefined {
    const value = this.get(field);
    return typeof value === 'string' ? value : undefined;
  }

  number(field: string): number | undefined {
    const value = this.get(field);
    return typeof value === 'number' ? value : isDim(value) ? valueOf(value) : undefined;
  }

  /** An integer or a list of them, spread over `rank` axes as Keras does. */
  dims(field: string, rank: number, fallback?: number): readonly Dim[] {
    const value = this.get(field);
    if ((value === undefined || value === null) && fallback !== undefined) {
      return Array.from({ length: rank }, () => constant(fallback));
    }
    if (isList(value)) {
      const each = value.length === 1 ? Array.from({ length: rank }, () => value[0]) : value;
      return Array.from({ length: rank }, (_, i) => this.toDim(each[i], `${field}[${i}]`));
    }
    const one = this.toDim(value, field);
    return Array.from({ length: rank }, () => one);
  }

  /** A list of sizes as written (`target_shape`); undefined when it is no list. */
  list(field: string): readonly Dim[] | undefined {
    const value = this.get(field);
    if (isList(value)) return value.map((v, i) => this.toDim(v, `${field}[${i}]`));
    if (isDim(value) || typeof value === 'number') return [this.toDim(value, field)];
    return undefined;
  }

  /** Whole numbers that must be known: axes. */
  axes(field: string, fallback: readonly number[]): readonly number[] | undefined {
    if (!this.has(field)) return fallback;
    const dims = this.list(field);
    const numbers = dims?.map(valueOf);
    return numbers?.every((n) => n !== undefined) ? (numbers as number[]) : undefined;
  }

  layer(field: string): LayerSpec | undefined {
    const value = this.get(field);
    return isLayerSpec(value) ? value : undefined;
  }

  /** The length of the sequence that goes in, when the input's shape does not tell. */
  openSteps(): Dim {
    if (this.around.first) return SEQ_LEN;
    const reason = message('how many steps {0} runs cannot be told from the source', this.path);
    return this.ctx.openAxis(`${this.path}.steps`, reason, this.spec.source);
  }

  unknown(what: string, reason: Message): Dim {
    return this.ctx.unknown(`${this.path}.${what}`, reason, this.spec.source);
  }

  /** The size of one axis of an input as a weight needs it: never an axis that Keras leaves open. */
  weightAxis(
    axis: number,
    shape: Shape | undefined = axis === -1 ? this.raw[0] : this.input,
    what = 'input_size',
  ): Dim {
    // Of a partly known shape only the last axis means something.
    const dim = shape && (axis === -1 || whole(shape)) ? shape.at(axis) : undefined;
    if (dim === undefined) {
      return this.unknown(
        what,
        message('the shape of what goes into {0} cannot be told from the source', this.path),
      );
    }
    if (this.ctx.isOpen(dim)) {
      return this.unknown(
        what,
        message(
          'the size of what goes into {0} is an open axis (None); Keras needs it to be fixed',
          this.path,
        ),
      );
    }
    return dim;
  }
}

function factsOf(
  spec: LayerSpec,
  fields: Readonly<Record<string, string>>,
): { facts?: Readonly<Record<string, Fact>> } {
  if (!spec.facts) return {};
  const facts: Record<string, Fact> = {};
  for (const [ours, theirs] of Object.entries(fields)) {
    const fact = Object.hasOwn(spec.facts, theirs) ? spec.facts[theirs] : undefined;
    if (fact) facts[ours] = fact;
  }
  return Object.keys(facts).length > 0 ? { facts } : {};
}

/**
 * A layer object met at a second place (a cell that is called by hand and run by an `RNN`) keeps the path of the first, so that its
 * weights count once.
 */
export function atHome(run: LayerRun, site: Site): LayerRun {
  const home = site.ctx.home(site.spec, site.path);
  if (home === site.path) return run;
  const moved = (path: string) =>
    path === site.path ? home : path.startsWith(`${site.path}.`) ? home + path.slice(site.path.length) : path;
  return { ...run, layers: run.layers.map((l) => ({ ...l, path: moved(l.path) })) };
}

/** A layer without weights. */
export function weightless(
  site: Site,
  kind: 'activation' | 'dropout' | 'pooling' | 'reshape' | 'merge' | 'input' | 'preprocessing' | 'other',
  op: string,
  output: Shape | undefined,
): LayerRun {
  return { layers: [{ kind, op, ...site.base(output) }], outputs: [output] };
}
