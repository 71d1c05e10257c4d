import { type Layer, type Model, type Problem, type Shape, dimKey, message } from '../../../../model';
import { Collector, type KerasFramework, type LayerSpec, buildModel } from '../../../keras';
import type { Host } from '../../evaluate/host';
import type { Interpreter } from '../../evaluate/interpreter';
import { NONE } from '../../evaluate/values';
import type {
  Argument,
  Arguments,
  ClassValue,
  FunctionValue,
  InstanceValue,
  ObjectValue,
  TensorValue,
  Value,
} from '../../evaluate/values';
import { assumedOf, settleUnknowns } from '../../model/unknowns';
import type { FunctionDef, Param } from '../../parse/ast';
import { textOf } from '../../parse/text';
import { callsIn } from '../../parse/calls-in';
import { placeholder } from './own';
import { Converter } from './convert';
import { dataOf } from './data';
import { isBase, isOldPlace, layerClass, plainName } from './names';
import type { OwnGraphs } from './own';
import { shapeOf } from './shapes';

const MAX_MODELS = 40;
const MAX_PER_CLASS = 6;
const FUNCTION_FUEL = 60_000;

interface Made {
  readonly at: number;
  readonly model: Model;
}

/** Every Keras model that the file describes, in source order. */
export function kerasModels(host: Host, own: OwnGraphs): Model[] {
  const reader = new ModelReader(host, own);
  reader.objectsFrom(0);
  reader.instancesFrom(0);
  for (const fn of uncalled(host)) {
    const [objects, instances] = [host.objects.length, host.instances.length];
    host.attempt(() => {
      const site = { text: fn.scope.module.text, from: fn.decl!.from, to: fn.decl!.headerTo };
      const keywords = assumedArguments(fn, host);
      host.withFuel(FUNCTION_FUEL, () => void host.call(fn, { positional: [], keywords, site }));
      reader.objectsFrom(objects);
      reader.instancesFrom(instances);
    });
  }
  reader.aloneClasses();
  reader.builders();
  reader.noteConvention();
  return reader.made.sort((a, b) => a.at - b.at).map((m) => m.model);
}

/** The user's values for a function's parameters, by `function.name` or by name. */
function assumedArguments(fn: FunctionValue, host: Host): Map<string, Argument> {
  const given = new Map<string, Argument>();
  for (const param of fn.params) {
    if (param.kind === 'args' || param.kind === 'kwargs') continue;
    const site = { text: fn.scope.module.text, from: param.from, to: param.to };
    const value =
      (host as Interpreter).assumptionFor(fn.name, param.name, site) ?? host.assumption(param.name, site);
    if (value) given.set(param.name, { value, site });
  }
  return given;
}

/** Functions that nothing calls and that construct something of Keras. */
function uncalled(host: Host) {
  const functions = [...host.main.names.values()].filter((v) => v.kind === 'function');
  const wanted = functions.filter(
    (fn) =>
      fn.decl &&
      !fn.decl.generator &&
      !wasCalled(host, fn.decl) &&
      fn.scope.module === host.main &&
      constructs(fn.decl),
  );
  // Those that call others come first: they know the arguments.
  const called = new Set(wanted.flatMap((fn) => [...callsIn(fn.decl!).names]));
  return {
    *[Symbol.iterator]() {
      for (const fn of [
        ...wanted.filter((f) => !called.has(f.name)),
        ...wanted.filter((f) => called.has(f.name)),
      ]) {
        if (!wasCalled(host, fn.decl)) yield fn;
      }
    },
  };
}

function wasCalled(host: Host, decl: unknown): boolean {
  return (host as Interpreter).called.has(decl);
}

/** Names that only building a model calls. */
function constructs(decl: FunctionDef): boolean {
  const { names, attributes } = callsIn(decl);
  for (const name of [...names, ...attributes])
    if (name === 'Sequential' || name === 'Model' || layerClass(`keras.layers.${name}`) !== undefined)
      return true;
  return false;
}

class ModelReader {
  readonly made: Made[] = [];
  private readonly seen = new Set<string>();
  private readonly framework: KerasFramework;

  constructor(
    private readonly host: Host,
    private readonly own: OwnGraphs,
  ) {
    this.framework = isOld(host) ? 'keras2' : 'keras';
  }

  /** Says so where the age of the file decides about numbers. */
  noteConvention(): void {
    const first = this.made.find((m) => m.model.layers.some((l) => l.kind === 'gru'));
    if (this.framework !== 'keras2' || !first) return;
    this.host.problem({
      code: 'keras-gru-default',
      severity: 'info',
      message: message(
        'Read as Keras before 2.4, where a GRU has `reset_after=False` unless it says otherwise.',
      ),
      source: first.model.source,
    });
  }

  objectsFrom(start: number): void {
    const inside = this.nested();
    for (const object of this.host.objects.slice(start)) {
      if (
        this.made.length >= MAX_MODELS ||
        object.plugin !== 'keras' ||
        object.site.text !== this.host.main.text
      )
        continue;
      const data = dataOf(object);
      if ((data?.kind !== 'sequential' && data?.kind !== 'functional') || inside.has(object)) continue;
      const converter = new Converter(this.host, this.own);
      // Built by `build(…)`, else by the first call.
      const input = object.names.get('%input');
      const built =
        shapeOf(object.names.get('%input_shape'), this.host) ??
        (data.kind === 'sequential' && input?.kind === 'tensor' ? input.shape : undefined);
      this.emit(
        converter.maker(object),
        data.kind,
        object,
        this.nameOf(object, data.name),
        built ? [built] : [],
      );
    }
  }

  /** Models that are part of a user's class, a wrapper or a Sequential: shown there. */
  private nested(): Set<Value> {
    const inside = new Set<Value>();
    const visit = (value: Value, depth: number): void => {
      if (value.kind === 'object') inside.add(value);
      if (depth < 3 && (value.kind === 'list' || value.kind === 'tuple'))
        value.items.forEach((v) => visit(v, depth + 1));
    };
    for (const instance of this.host.instances) {
      if (this.host.isModel(instance.cls))
        for (const [name, value] of instance.names) if (!name.startsWith('%')) visit(value, 0);
      if (instance.native) inside.add(instance.native);
    }
    for (const object of this.host.objects) {
      const data = dataOf(object);
      if (data?.kind === 'sequential') data.layers.items.forEach((v) => visit(v, 0));
      if (data?.kind === 'layer') for (const value of data.fields.values()) visit(value, 0);
    }
    return inside;
  }

  private nameOf(object: ObjectValue, given: string | undefined): string {
    for (const [name, value] of this.host.main.names)
      if (value === object && !name.startsWith('%')) return name;
    const fn = this.functionAround(object.site.from, object.site.to);
    return given ?? fn ?? 'model';
  }

  private functionAround(from: number, to: number): string | undefined {
    for (const value of this.host.main.names.values()) {
      const decl = value.kind === 'function' ? value.decl : undefined;
      if (decl && decl.from <= from && decl.to >= to) return decl.name;
    }
    for (const cls of this.host.classes) {
      if (cls.text === this.host.main.text && cls.decl.from <= from && cls.decl.to >= to) return cls.name;
    }
    return undefined;
  }

  instancesFrom(start: number): void {
    const counts = new Map<ClassValue, number>();
    for (const instance of this.host.instances.slice(start)) {
      const { cls } = instance;
      if (cls.text !== this.host.main.text || !this.isModelClass(cls) || this.isPart(instance)) continue;
      const count = counts.get(cls) ?? 0;
      if (count >= MAX_PER_CLASS) continue;
      if (this.instance(instance, false)) counts.set(cls, count + 1);
    }
  }

  /** Classes that nothing constructs: with their defaults, and named unknowns for the rest. */
  aloneClasses(): void {
    for (const cls of this.host.classes) {
      if (
        cls.text !== this.host.main.text ||
        !this.isKerasClass(cls) ||
        this.host.instances.some((i) => i.cls === cls)
      )
        continue;
      const site = { text: cls.text, from: cls.decl.from, to: cls.decl.headerTo };
      const args: Arguments = { positional: [], keywords: new Map(), site };
      this.host.withFuel(FUNCTION_FUEL, () => {
        const instance = this.host.instantiate(cls, args, (param) => this.parameter(cls, param));
        if (instance.kind === 'instance') this.instance(instance, true);
      });
    }
  }

  /** Classes that are no models themselves, with methods that build one. */
  builders(): void {
    for (const cls of this.host.classes) {
      if (cls.text !== this.host.main.text || this.host.isModel(cls)) continue;
      const methods = [...cls.names.values()].filter(
        (v) => v.kind === 'function' && v.decl && constructs(v.decl) && !wasCalled(this.host, v.decl),
      );
      if (methods.length === 0) continue;
      const site = { text: cls.text, from: cls.decl.from, to: cls.decl.headerTo };
      const nothing: Arguments = { positional: [], keywords: new Map(), site };
      const [objects, instances] = [this.host.objects.length, this.host.instances.length];
      this.host.attempt(() => {
        this.host.withFuel(FUNCTION_FUEL, () => {
          const self = this.host.instantiate(cls, nothing, (param) => this.parameter(cls, param));
          for (const method of methods) {
            if (method.kind !== 'function' || wasCalled(this.host, method.decl)) continue;
            const bound = this.host.findAttribute(self, method.name, site);
            if (bound) this.host.call(bound, nothing);
          }
        });
        this.objectsFrom(objects);
        this.instancesFrom(instances);
      });
    }
  }

  private parameter(cls: ClassValue, param: Param): Value {
    return this.host.unknown(
      message(
        '`{0}` is an argument of `{1}.__init__` without a default, and no call in this file gives it.',
        param.name,
        cls.name,
      ),
      param.name,
      { text: cls.text, from: param.from, to: param.to },
      { named: true },
    );
  }

  /** `keras.Model` and what derives from it; layers of the user's own are shown where they are used. */
  private isModelClass(cls: ClassValue): boolean {
    return cls.order.some(
      (b) =>
        b.kind === 'external' &&
        ['keras.Model', 'keras.Sequential', 'tensorflow.Module'].includes(plainName(b.name)),
    );
  }

  private isKerasClass(cls: ClassValue): boolean {
    return cls.order.some((b) => b.kind === 'external' && isBase(b.name));
  }

  /** Is it an attribute of another instance? */
  private isPart(instance: InstanceValue): boolean {
    return this.host.instances.some(
      (other) =>
        other !== instance && this.host.isModel(other.cls) && [...other.names.values()].includes(instance),
    );
  }

  private instance(instance: InstanceValue, alone: boolean): boolean {
    const { cls } = instance;
    const header = { text: cls.text, from: cls.decl.from, to: cls.decl.headerTo };
    const inputs = this.callInputs(instance);
    if (!instance.native) {
      this.own.follow(
        instance,
        {
          positional: inputs.map((value) => ({ value, site: header })),
          keywords: this.callFlags(instance, header),
          site: header,
        },
        this.host,
      );
    }
    const spec = new Converter(this.host, this.own).maker(instance);
    const shapes = this.own.of(instance)?.inputs.map((t) => t.shape) ?? [];
    const construction = alone
      ? {}
      : { construction: { source: this.host.ref(instance.site), text: textOf(instance.site) } };
    return this.emit(
      spec,
      'class',
      { site: header },
      cls.name,
      shapes.some((s) => s) ? shapes : [],
      construction,
    );
  }

  /** One tensor per parameter of `call` without a default; their shapes from `build(...)` where it was called. */
  private callInputs(instance: InstanceValue): readonly Value[] {
    const site = { text: instance.cls.text, from: instance.cls.decl.from, to: instance.cls.decl.headerTo };
    const call = this.host.findAttribute(instance, 'call', site);
    const fn = call?.kind === 'method' && call.fn.kind === 'function' ? call.fn : undefined;
    const given = instance.names.get('%input_shape');
    const shape = shapeOf(given, this.host);
    const params =
      fn?.params
        .slice(1)
        .filter((p) => p.kind === 'normal' && !fn.fallbacks.has(p.name) && !NOT_TENSORS.has(p.name)) ?? [];
    return (params.length > 0 ? params : [undefined]).map((_, i): TensorValue =>
      placeholder(i === 0 ? shape : undefined, site, this.host),
    );
  }

  /** `training` and `mask` where `call` has no default for them: as in inference. */
  private callFlags(instance: InstanceValue, site: ObjectValue['site']): Map<string, Argument> {
    const flags = new Map<string, Argument>();
    const call = this.host.findAttribute(instance, 'call', site);
    const fn = call?.kind === 'method' && call.fn.kind === 'function' ? call.fn : undefined;
    for (const p of fn?.params.slice(1) ?? []) {
      if (!NOT_TENSORS.has(p.name) || fn!.fallbacks.has(p.name)) continue;
      flags.set(p.name, { value: p.name === 'mask' ? NONE : { kind: 'bool', value: false }, site });
    }
    return flags;
  }

  private emit(
    spec: LayerSpec,
    form: Model['form'],
    at: { readonly site: ObjectValue['site'] },
    name: string,
    inputs: readonly (Shape | undefined)[],
    more: Partial<Model> = {},
  ): boolean {
    const { host } = this;
    const ctx = new Collector(this.framework, (unknown) => {
      const value = host.assumption(unknown, at.site);
      return value && host.dim(value);
    });
    const layers = buildModel(spec, ctx, inputs).layers.filter((l) => !isPlaceholder(l));
    if (layers.every((l) => WEIGHTLESS.has(l.kind))) return false;
    const settled = settleUnknowns(layers, host);
    const key = `${at.site.from}:${settled.layers.map(layerKey).join('\n')}`;
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    ctx.problems.forEach((p: Problem) => host.problem(p));
    const own = [...ctx.unknowns.values()].filter(
      (u) => !settled.unknowns.some((known) => known.name === u.name) && mentions(layers, u.name),
    );
    this.made.push({
      at: at.site.from,
      model: {
        name,
        framework: this.framework,
        source: host.ref(at.site),
        form,
        ...more,
        layers: settled.layers,
        unknowns: [...own, ...settled.unknowns],
        assumed: assumedOf(host),
      },
    });
    return true;
  }
}

/** Inputs and constants of a graph that are no layers. */
function isPlaceholder(layer: Layer): boolean {
  return (
    layer.kind === 'other' &&
    layer.typeName === 'Operation' &&
    (layer.op === 'input' || layer.op === 'constant')
  );
}

const NOT_TENSORS: ReadonlySet<string> = new Set(['training', 'mask', 'training_mode']);
const WEIGHTLESS: ReadonlySet<string> = new Set([
  'activation',
  'dropout',
  'pooling',
  'reshape',
  'merge',
  'input',
  'preprocessing',
  'other',
]);

/** Standalone Keras before 2.4: the file imports from places that later versions do not have. */
function isOld(host: Host): boolean {
  const imported = [...host.main.names.values()].flatMap((v) => (v.kind === 'external' ? [v.name] : []));
  // A star import brings the CuDNN layers' names too; only using them tells something.
  if (imported.some((n) => isOldPlace(n) && layerClass(n)?.startsWith('CuDNN') !== true)) return true;
  // What is written for Python 2 as well runs on no later Keras.
  const standalone = imported.some((n) => n === 'keras' || n.startsWith('keras.'));
  if (standalone && imported.some((n) => n.startsWith('__future__.') && n !== '__future__.annotations'))
    return true;
  return host.objects.some((o) => o.plugin === 'keras' && isOldPlace(o.type));
}

function layerKey(layer: Layer): string {
  return JSON.stringify(layer, (key, value: unknown) => {
    if (key === 'source' || key === 'facts' || key === 'calls' || key === 'callsUnknown') return undefined;
    return value !== null && typeof value === 'object' && 'terms' in value ? dimKey(value as never) : value;
  });
}

function mentions(layers: readonly Layer[], name: string): boolean {
  return layers.some((layer) => {
    let found = false;
    JSON.stringify(layer, (key, value: unknown) => {
      if (key === 'source' || key === 'facts') return undefined;
      if (
        value !== null &&
        typeof value === 'object' &&
        'terms' in value &&
        dimKey(value as never).includes(name)
      )
        found = true;
      return value instanceof Map ? undefined : value;
    });
    return found;
  });
}
