import {
  BATCH,
  dimKey,
  message,
  mul,
  SEQ_LEN,
  substitute,
  symbolName,
  symbolsIn,
  type Dim,
  type LayerCall,
  type Message,
  type Shape,
} from '../../../../model';
import type { Host } from '../../evaluate/host';
import type {
  Argument,
  Arguments,
  FunctionValue,
  InstanceValue,
  ObjectValue,
  Value,
} from '../../evaluate/values';
import type { Dialect } from './dialect';
import { openInput } from './shapes';
import type { Tree } from './tree';

/** A module after its forward pass was followed. */
export interface Followed {
  readonly tree: Tree;
  /** A size with the axes that turned out to be something put in. */
  resolve(size: Dim): Dim;
  uses(object: ObjectValue): { readonly calls: readonly LayerCall[] } | { readonly callsUnknown: Message };
}

/** What one forward pass may use up. */
const FORWARD_FUEL = 80_000;

/** Follows `forward` with inputs of unknown shape; each layer's uses are kept, the changes undone. */
export function followForward(
  module: InstanceValue | ObjectValue,
  dialect: Dialect,
  host: Host,
  read: () => Tree,
): Followed {
  const site =
    module.kind === 'instance'
      ? { text: module.cls.text, from: module.cls.decl.from, to: module.cls.decl.headerTo }
      : module.site;
  const noted = new Map<ObjectValue, { calls: readonly LayerCall[]; unclear?: Message }>();
  let ran = false;
  let axes: ReadonlyMap<string, Dim> = new Map();
  const tree = host.follow(
    () =>
      host.withFuel(FORWARD_FUEL, () => {
        const input = (): Value => openInput(host);
        const forward =
          module.kind === 'instance' ? host.findAttribute(module, dialect.forward, site) : module;
        if (!forward || forward.kind === 'unknown') return;
        const fn = forward.kind === 'method' && forward.fn.kind === 'function' ? forward.fn : undefined;
        const told = fn && module.kind === 'instance' ? dialect.inputs?.(module, fn, host) : undefined;
        const positional = told ?? (fn ? inputsOf(fn, input, site) : [{ value: input(), site }]);
        ran = true;
        const args: Arguments = { positional, keywords: new Map(), site };
        if (module.kind === 'instance' && dialect.callInstance) dialect.callInstance(module, args, host);
        else host.call(forward, args);
        if (host.exhausted()) ran = false;
      }),
    () => {
      const found = read();
      stepsOfLoops(found, host);
      axes = new Map(host.axes);
      for (const { object } of found.found)
        noted.set(object, {
          calls: [...object.uses.calls],
          ...(object.uses.unclear && { unclear: object.uses.unclear }),
        });
      return found;
    },
  );
  return {
    tree,
    resolve: (size) => resolve(size, axes),
    uses: (object) => {
      const uses = noted.get(object);
      if (!ran || !uses) return { callsUnknown: message('The forward pass can’t be followed.') };
      if (uses.unclear) return { callsUnknown: uses.unclear };
      return settled(uses.calls, axes);
    },
  };
}

/** A loop over an axis of the input runs over time. */
function stepsOfLoops(tree: Tree, host: Host): void {
  for (const { object } of tree.found) {
    for (const call of object.uses.calls) {
      const times = resolve(call.times, host.axes);
      const open = [...symbolsIn(times)].filter((s) => s.startsWith('$axis'));
      if (open.length !== 1) continue;
      host.axes.set(open[0]!, SEQ_LEN);
      // What the loop leaves open of its input is the batch.
      const others = new Set([...openAxes(mapDims(call, (d) => resolve(d, host.axes)))]);
      if (others.size === 1) host.axes.set([...others][0]!, BATCH);
    }
  }
}

/** One tensor per parameter that has no default. */
export function inputsOf(
  fn: FunctionValue,
  input: (name: string) => Value,
  site: Argument['site'],
): Argument[] {
  const inputs: Argument[] = [];
  for (const param of fn.params.slice(1)) {
    if (param.kind !== 'normal' || fn.fallbacks.has(param.name)) break;
    inputs.push({ value: input(param.name), site });
  }
  return inputs;
}

/** Puts steps and batch in the place of the axes that turned out to be them. What is still open must not matter. */
function settled(
  calls: readonly LayerCall[],
  axes: ReadonlyMap<string, Dim>,
): { calls: readonly LayerCall[] } | { callsUnknown: Message } {
  const known = calls.map((call) => mapDims(call, (d) => resolve(d, axes)));
  const open = [...new Set(known.flatMap((call) => [...openAxes(call)]))];
  if (open.length === 0) return { calls: known };
  const unclear = {
    callsUnknown: message('Which axis of the input is time and which is the batch is not known.'),
  };
  // Where steps or batch have their axes already, the open ones are others: an image's, say.
  if (known.some((call) => mentions(call, BATCH) || mentions(call, SEQ_LEN))) return unclear;
  const one = known.map((call) => mapDims(call, (d) => substitute(d, assign(open, BATCH, SEQ_LEN))));
  const other = known.map((call) => mapDims(call, (d) => substitute(d, assign(open, SEQ_LEN, BATCH))));
  if (open.length <= 2 && one.every((call, i) => workKey(call) === workKey(other[i]!))) return { calls: one };
  return unclear;
}

function mentions(call: LayerCall, size: Dim): boolean {
  let found = false;
  mapDims(call, (d) => {
    for (const name of symbolsIn(d)) found ||= name === symbolName(size);
    return d;
  });
  return found;
}

function assign(open: readonly string[], even: Dim, odd: Dim): Map<string, Dim> {
  return new Map([...open].sort().map((name, i) => [name, i % 2 === 0 ? even : odd]));
}

function resolve(d: Dim, axes: ReadonlyMap<string, Dim>): Dim {
  let result = d;
  for (let i = 0; i < 4 && [...symbolsIn(result)].some((s) => axes.has(s)); i++)
    result = substitute(result, axes);
  return result;
}

function openAxes(call: LayerCall): Set<string> {
  const names = new Set<string>();
  const visit = (d: Dim) => {
    for (const name of symbolsIn(d)) if (name.startsWith('$axis')) names.add(name);
    return d;
  };
  mapDims(call, visit);
  return names;
}

function mapDims(call: LayerCall, f: (d: Dim) => Dim): LayerCall {
  const shape = (s: Shape | undefined): Shape | undefined => s?.map(f);
  const output = shape(call.output);
  return {
    ...call,
    inputs: call.inputs.map(shape),
    ...(output && { output }),
    ...(call.steps && { steps: f(call.steps) }),
    ...(call.batch && { batch: f(call.batch) }),
    times: f(call.times),
  };
}

/** What a call costs depends on its rows, not on their order. */
function workKey(call: LayerCall): string {
  const rows = (s: Shape | undefined) => (s ? dimKey(mul(call.times, ...s)) : '?');
  return [call.inputs.map(rows).join(';'), rows(call.output), dimKey(call.times)].join('|');
}
