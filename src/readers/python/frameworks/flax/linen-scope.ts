import { BATCH, message, mul, type Dim } from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { Interpreter } from '../../evaluate/interpreter';
import {
  NONE,
  type Argument,
  type Arguments,
  type FunctionValue,
  type InstanceValue,
  type ObjectValue,
  type TensorValue,
  type Value,
} from '../../evaluate/values';
import { inputsOf } from '../pytorch/follow';
import { openInput, type TensorInfo } from '../pytorch/shapes';

/** A module whose call runs now. Layers that it makes are its own, named by their class and a number, as Flax names them. */
interface Frame {
  readonly instance: InstanceValue;
  readonly numbers: Map<string, number>;
  /** How many loops of unknown length stood around the call. */
  readonly trips: number;
  /** In `setup` layers get their names from the attributes they are bound to. */
  readonly setup: boolean;
}

/** What one reading remembers of linen modules. */
interface Scope {
  readonly frames: Frame[];
  /** The arguments of the first call of each module that is known, for following it by itself. */
  readonly samples: Map<InstanceValue, readonly Argument[]>;
  /** Modules that were called to see what they make. */
  readonly discovered: Set<InstanceValue>;
}

const scopes = new WeakMap<Host, Scope>();

function scopeOf(host: Host): Scope {
  let scope = scopes.get(host);
  if (!scope) scopes.set(host, (scope = { frames: [], samples: new Map(), discovered: new Set() }));
  return scope;
}

/** The module whose call runs now, if any. */
export function running(host: Host): boolean {
  return scopeOf(host).frames.length > 0;
}

/** A layer made inside a module's call belongs to the module; a second call of the module finds the layer of the first. */
export function adopt(
  made: ObjectValue | InstanceValue,
  className: string,
  args: Arguments | undefined,
  host: Host,
): Value {
  const frame = scopeOf(host).frames.at(-1);
  if (!frame || frame.setup) return made;
  const given = args?.keywords.get('name')?.value;
  const n = frame.numbers.get(className) ?? 0;
  const name = given?.kind === 'str' ? given.value : `${className}_${n}`;
  if (given?.kind !== 'str') frame.numbers.set(className, n + 1);
  const before = frame.instance.names.get(name);
  const known = before?.kind === 'repeat' ? before.value : before;
  if (known?.kind === made.kind && sameClass(known, made)) return known;
  const trips = (host as Interpreter).trips.slice(frame.trips);
  const count: Dim | undefined = trips.length > 0 ? mul(1, ...trips) : undefined;
  host.setName(frame.instance.names, name, count ? { kind: 'repeat', value: made, count } : made);
  return made;
}

function sameClass(a: Value, b: Value): boolean {
  if (a.kind === 'object' && b.kind === 'object') return a.type === b.type;
  return a.kind === 'instance' && b.kind === 'instance' && a.cls === b.cls;
}

/** `module(x)`: runs `setup` the first time, then `__call__`, with the module as the owner of what is made. */
export function callModule(instance: InstanceValue, args: Arguments, host: Host): Value | undefined {
  if (!host.following) {
    return host.tensor(undefined, message('The forward pass is not followed here.'));
  }
  const scope = scopeOf(host);
  const made = scope.frames.at(-1);
  const self = made && !isHeld(made.instance, instance) ? adoptInstance(instance, host) : instance;
  setUp(self, host);
  const forward = host.findAttribute(self, '__call__', args.site);
  if (!forward || forward.kind === 'unknown') return undefined;
  if (!scope.samples.has(self)) scope.samples.set(self, args.positional);
  return inFrame(self, false, host, () => host.call(forward, args));
}

function adoptInstance(instance: InstanceValue, host: Host): InstanceValue {
  const known = adopt(instance, instance.cls.name, host.madeWith.get(instance), host);
  return known.kind === 'instance' ? known : instance;
}

/** Does a module hold another in its attributes already? */
function isHeld(owner: InstanceValue, part: Value): boolean {
  if (owner === part) return true;
  const holds = (value: Value, depth: number): boolean => {
    if (value === part) return true;
    if (depth > 3) return false;
    if (value.kind === 'list' || value.kind === 'tuple') return value.items.some((v) => holds(v, depth + 1));
    if (value.kind === 'dict') return [...value.entries.values()].some((v) => holds(v, depth + 1));
    if (value.kind === 'repeat') return holds(value.value, depth + 1);
    return value.kind === 'object' && [...value.names.values()].some((v) => holds(v, depth + 1));
  };
  return [...owner.names.values()].some((v) => holds(v, 0));
}

/** Runs a module's `setup` once. */
export function setUp(instance: InstanceValue, host: Host): void {
  if (instance.names.has('%setup')) return;
  host.setName(instance.names, '%setup', NONE);
  const setup = instance.cls.order.some((c) => c.kind === 'class' && c.names.has('setup'))
    ? host.findAttribute(instance, 'setup', instance.site)
    : undefined;
  if (setup)
    inFrame(instance, true, host, () =>
      host.call(setup, { positional: [], keywords: new Map(), site: instance.site }),
    );
}

function inFrame<T>(instance: InstanceValue, setup: boolean, host: Host, run: () => T): T {
  const { frames } = scopeOf(host);
  frames.push({ instance, numbers: new Map(), trips: (host as Interpreter).trips.length, setup });
  try {
    return run();
  } finally {
    frames.pop();
  }
}

/** `model.init(key, x)`, `model.apply(variables, x)`: what the model is called with. */
export function noteSample(instance: InstanceValue, args: Arguments, host: Host): void {
  const { samples } = scopeOf(host);
  const inputs = args.positional.slice(1).map((a) => ({ ...a, value: anyBatch(a.value) }));
  if (!samples.has(instance) && inputs.some((a) => a.value.kind === 'tensor' && a.value.shape))
    samples.set(instance, inputs);
}

/** How many sequences a first input has says nothing about later ones. */
function anyBatch(value: Value): Value {
  return value.kind === 'tensor' && value.shape && value.shape.length > 1
    ? { ...value, shape: [BATCH, ...value.shape.slice(1)] }
    : value;
}

/** Inputs for following a module by itself: those of a call that is known, else tensors whose features have a name. */
export function moduleInputs(instance: InstanceValue, fn: FunctionValue, host: Host): readonly Argument[] {
  const sample = scopeOf(host).samples.get(instance);
  if (sample) return sample;
  const site = { text: instance.cls.text, from: instance.cls.decl.from, to: instance.cls.decl.headerTo };
  return inputsOf(fn, (name) => namedInput(name, fn, instance, host), site);
}

function namedInput(name: string, fn: FunctionValue, instance: InstanceValue, host: Host): TensorValue {
  const param = fn.params.find((p) => p.name === name);
  const site = param && { text: instance.cls.text, from: param.from, to: param.to };
  const size = `${name}_features`;
  const features =
    host.assumption(size, site) ??
    host.unknown(
      message(
        'Flax takes the size of the last axis of `{0}` from the first input, and no call in this file gives it.',
        name,
      ),
      size,
      site,
      { named: true, numeric: true },
    );
  const open = openInput(host);
  const info = open.data as TensorInfo;
  return {
    ...open,
    data: { ...info, input: { ...info.input, features: host.dim(features)! } } satisfies TensorInfo,
  };
}

/** What following one module by itself, to see what it makes, may use up. */
const DISCOVERY_FUEL = 40_000;

/**
 * Modules are made while others are called. Calls every known module once, and makes those that came to light anew, so that they
 * can be followed by themselves with nothing done to them yet.
 */
export function discover(host: Host): void {
  const scope = scopeOf(host);
  for (const instance of [...host.instances]) {
    if (scope.discovered.has(instance) || !isLinen(instance)) continue;
    scope.discovered.add(instance);
    const before = host.instances.length;
    const fn = host.findAttribute(instance, '__call__', instance.site);
    if (fn?.kind !== 'method' || fn.fn.kind !== 'function') continue;
    const inputs = moduleInputs(instance, fn.fn, host);
    const args: Arguments = { positional: inputs, keywords: new Map(), site: instance.site };
    host.follow(
      () => host.withFuel(DISCOVERY_FUEL, () => void callModule(instance, args, host)),
      () => undefined,
    );
    // `instances` is the evaluator's own list: what was made on the way is taken off it again.
    const found = (host.instances as InstanceValue[]).splice(before);
    for (const inside of found) renew(inside, host, scope);
  }
}

function renew(inside: InstanceValue, host: Host, scope: Scope): void {
  const args = host.madeWith.get(inside);
  const sample = scope.samples.get(inside);
  if (!args || !sample || !isLinen(inside)) return;
  const values = [...args.positional, ...args.keywords.values()].map((a) => a.value);
  if (values.some((v) => v.kind === 'object' || v.kind === 'instance')) return;
  const fresh = host.instantiate(inside.cls, args);
  if (fresh.kind !== 'instance') return;
  scope.samples.set(fresh, sample);
  scope.discovered.add(fresh);
}

function isLinen(instance: InstanceValue): boolean {
  return instance.cls.order.some((b) => b.kind === 'external' && b.name.startsWith('flax.linen.'));
}
