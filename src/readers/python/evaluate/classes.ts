import { message } from '../../../model';
import type { ClassDef, Param, Stmt } from '../parse/ast';
import type { Site } from '../parse/text';
import { siteOf } from './expressions';
import { adopt, callFunction, type MissingArgument } from './functions';
import type { Interpreter } from './interpreter';
import { mergeDict } from './items';
import { int } from './make';
import {
  NONE,
  type Arguments,
  type ClassValue,
  type DictValue,
  type ExternalValue,
  type Field,
  type InstanceValue,
  type Names,
  type Scope,
  type UnknownValue,
  type Value,
} from './values';

/** Decorators and bases that write `__init__` from the annotated names of the class body. */
const FIELD_DECORATORS = new Set([
  'dataclass',
  'dataclasses.dataclass',
  'attrs',
  'attr.s',
  'attr.attrs',
  'attr.dataclass',
  'attrs.define',
  'attr.define',
  'define',
  'pydantic.dataclasses.dataclass',
  'flax.struct.dataclass',
  'chex.dataclass',
]);
const FIELD_BASES = new Set([
  'flax.linen.Module',
  'flax.linen.RNNCellBase',
  'typing.NamedTuple',
  'pydantic.BaseModel',
  'coqpit.Coqpit',
  'msgspec.Struct',
  'pydantic_settings.BaseSettings',
  'typing.TypedDict',
]);
const ENUM_BASES = new Set(['enum.Enum', 'enum.IntEnum', 'enum.StrEnum', 'enum.Flag']);

type Base = ClassValue | ExternalValue | UnknownValue;

/** What a `class` statement binds. */
export function defineClass(I: Interpreter, decl: ClassDef, scope: Scope): Value {
  const bases: Value[] = [];
  for (const base of decl.bases) {
    if (base.name !== undefined) continue;
    const value = I.evaluate(base.value, scope);
    bases.push(
      value.kind === 'union'
        ? (value.options.find((o) => o.kind === 'class' || o.kind === 'external') ?? value)
        : value,
    );
  }
  const names: Names = I.journal.birth(new Map());
  const inner: Scope = { names, parent: scope, module: scope.module, isClass: true };
  I.fieldLists.push([]);
  I.runBlock(decl.body, inner);
  const fields = I.fieldLists.pop()!;
  const order: Base[] = [];
  const cls: ClassValue = {
    kind: 'class',
    name: decl.name,
    bases,
    order,
    names,
    decl,
    text: scope.module.text,
    scope: inner,
    ...(derivesFrom(bases, ENUM_BASES) && { isEnum: true }),
  };
  order.push(cls, ...linearised(bases));
  adopt(names, cls);
  if (takesFields(I, decl, bases, scope)) cls.fields = [...inheritedFields(cls), ...fields];
  I.classes.push(cls);
  const hook = findInClass(cls, '__init_subclass__');
  if (hook?.kind === 'function' && hook.owner !== cls)
    callFunction(I, hook, I.plainArguments([], siteOf(scope, decl)), cls);
  return decorated(I, cls, decl, scope);
}

/** Decorators of the file (registries) run; those from outside keep the class. */
function decorated(I: Interpreter, cls: ClassValue, decl: ClassDef, scope: Scope): Value {
  let value: Value = cls;
  for (const decorator of [...decl.decorators].reverse()) {
    const applied = I.evaluate(decorator, scope);
    if (applied.kind !== 'function' && applied.kind !== 'method') continue;
    const result = I.call(applied, I.plainArguments([value], siteOf(scope, decorator)));
    if (result.kind === 'class') value = result;
  }
  return value;
}

/** Depth-first with the last mention of a class winning, which is Python's order for all but contrived hierarchies. */
function linearised(bases: readonly Value[]): Base[] {
  const all: Base[] = [];
  for (const base of bases) {
    if (base.kind === 'class') all.push(...base.order);
    else if (base.kind === 'external' || base.kind === 'unknown') all.push(base);
  }
  const same = (a: Base, b: Base) =>
    a === b || (a.kind === 'external' && b.kind === 'external' && a.name === b.name);
  const order = all.filter((base, i) => !all.slice(i + 1).some((later) => same(later, base)));
  // A framework's root class stands behind the layers that derive from it: `class X(Mixin, nn.Linear)` with `Mixin(nn.Module)`.
  return [...order.filter((b) => !isRoot(b)), ...order.filter(isRoot)];
}

const ROOT_CLASSES = new Set([
  'Module',
  'LightningModule',
  'Layer',
  'Model',
  'Cell',
  'Block',
  'RNNBase',
  'RNNCellBase',
  'object',
  'ABC',
  'Generic',
]);

function isRoot(base: Base): boolean {
  return base.kind === 'external' && ROOT_CLASSES.has(base.name.slice(base.name.lastIndexOf('.') + 1));
}

function derivesFrom(bases: readonly Value[], names: ReadonlySet<string>): boolean {
  return bases.some(
    (b) =>
      (b.kind === 'external' && names.has(b.name)) ||
      (b.kind === 'class' && derivesFrom(b.order.slice(1), names)),
  );
}

function takesFields(I: Interpreter, decl: ClassDef, bases: readonly Value[], scope: Scope): boolean {
  if (derivesFrom(bases, FIELD_BASES) || bases.some((b) => b.kind === 'class' && b.fields)) return true;
  return decl.decorators.some((d) => {
    const value = I.evaluate(d.type === 'call' ? d.callee : d, scope);
    return value.kind === 'external' && FIELD_DECORATORS.has(value.name);
  });
}

function inheritedFields(cls: ClassValue): Field[] {
  const fields = new Map<string, Field>();
  for (const base of [...cls.order.slice(1)].reverse()) {
    if (base.kind === 'class') for (const field of base.fields ?? []) fields.set(field.name, field);
  }
  return [...fields.values()];
}

/** A `name: type = value` of a class body. */
export function fieldOf(I: Interpreter, scope: Scope, stmt: Stmt & { type: 'assign' }): Field | undefined {
  const target = stmt.targets[0];
  if (target?.type !== 'name') return undefined;
  const annotation = stmt.annotation;
  if (
    annotation?.type === 'subscript' &&
    annotation.object.type === 'name' &&
    annotation.object.id === 'ClassVar'
  )
    return undefined;
  const site = siteOf(scope, target);
  if (!stmt.value) return { name: target.id, site };
  const value = I.evaluate(stmt.value, scope);
  if (stmt.value.type === 'call' && (value.kind === 'unknown' || value.kind === 'builtin')) {
    const call = stmt.value;
    const argument = (name: string) => call.args.find((a) => a.name === name);
    const called =
      call.callee.type === 'attribute' ? call.callee.name : call.callee.type === 'name' ? call.callee.id : '';
    const factory =
      argument('default_factory') ?? argument('factory') ?? (called === 'Factory' ? call.args[0] : undefined);
    if (factory) return { name: target.id, factory: I.evaluate(factory.value, scope), site };
    const fallback = argument('default') ?? call.args.find((a) => a.name === undefined);
    if (fallback) return { name: target.id, fallback: asDefault(I.evaluate(fallback.value, scope)), site };
    return { name: target.id, site };
  }
  return { name: target.id, fallback: asDefault(value), site };
}

function asDefault(value: Value): Value {
  return value.how === 'literal' || value.how === 'constant' ? { ...value, how: 'default' } : value;
}

export function dataFieldsOf(cls: ClassValue): readonly Field[] | undefined {
  if (cls.fields) return cls.fields;
  for (const base of cls.order) if (base.kind === 'class' && base.fields) return base.fields;
  return undefined;
}

/** A name in a class or its bases of the file. */
export function findInClass(cls: ClassValue, name: string, after?: ClassValue): Value | undefined {
  const start = after ? cls.order.indexOf(after) + 1 : 0;
  for (const base of cls.order.slice(start)) {
    const value = base.kind === 'class' ? base.names.get(name) : undefined;
    if (value) return value;
  }
  return undefined;
}

const DICT_BASES = new Set([
  'collections.OrderedDict',
  'collections.UserDict',
  'collections.abc.MutableMapping',
]);

/** Does a class keep its content as a `dict`? */
export function derivesFromDict(cls: ClassValue): boolean {
  return cls.order.some(
    (c) =>
      c.kind === 'class' &&
      c.bases.some(
        (b) =>
          (b.kind === 'builtin' && b.name === 'dict') || (b.kind === 'external' && DICT_BASES.has(b.name)),
      ),
  );
}

/** `dict.__init__(self, ...)` */
export function fillDict(I: Interpreter, dict: DictValue, args: Arguments): void {
  mergeDict(I, dict, I.call(I.builtin('dict')!, args), args.site);
}

/** Makes an instance: `Class(...)`. */
export function instantiate(
  I: Interpreter,
  cls: ClassValue,
  args: Arguments,
  missing?: MissingArgument,
): Value {
  if (cls.isEnum) return enumMember(I, cls, args);
  if (cls.order.some((b) => b.kind === 'external' && b.name === 'typing.NamedTuple'))
    return namedTuple(cls, args);
  if (I.exhausted() || I.depth >= I.limits.depth) {
    I.ranDry(args.site);
    return I.unknown(message('The file takes too long to follow.'), cls.name, args.site, {
      maybeModule: true,
    });
  }
  const base = I.basePlugin(cls);
  const instance: InstanceValue = {
    kind: 'instance',
    id: I.id(),
    cls,
    names: I.journal.birth(new Map()),
    site: args.site,
  };
  if (derivesFromDict(cls)) instance.dict = { kind: 'dict', entries: I.journal.birth(new Map()) };
  I.instances.push(instance);
  I.constructed(instance, args);
  const asModule = base !== undefined;
  if (asModule) I.constructing.push(instance);
  try {
    initialise(I, instance, args, missing);
  } finally {
    if (asModule) I.constructing.pop();
  }
  return instance;
}

function initialise(
  I: Interpreter,
  instance: InstanceValue,
  args: Arguments,
  missing?: MissingArgument,
): void {
  const { cls } = instance;
  for (const base of cls.order) {
    if (base.kind === 'class') {
      const init = base.names.get('__init__');
      if (init?.kind === 'function') {
        callFunction(I, init, I.overridden(instance, init, args), instance, missing);
        return;
      }
      if (base.fields) {
        fillFields(I, instance, base.fields, args, missing);
        return;
      }
      const setup = base.names.get('__new__');
      if (setup) I.incomplete(instance, message('`{0}` makes its instances in `__new__`.', cls.name));
    } else if (base.kind === 'external') {
      const plugin = DICT_BASES.has(base.name) ? undefined : I.pluginFor(base.name);
      if (plugin) {
        plugin.initBase?.(instance, plugin.canonical?.(base.name) ?? base.name, args, I);
        return;
      }
      if (
        base.name !== 'object' &&
        !HARMLESS_BASES.has(base.name) &&
        !DICT_BASES.has(base.name) &&
        !base.name.startsWith('typing.') &&
        !base.name.startsWith('abc.')
      ) {
        I.incomplete(
          instance,
          message('Its base class `{0}` is imported from a file that is not at hand.', base.name),
        );
      }
    } else I.incomplete(instance, message('Its base class `{0}` can’t be worked out.', base.name));
  }
  if (instance.dict) fillDict(I, instance.dict, args);
}

const HARMLESS_BASES = new Set([
  'abc.ABC',
  'typing.Generic',
  'enum.Enum',
  'dict',
  'list',
  'object',
  'Exception',
  'collections.abc.Mapping',
  'torch.utils.data.Dataset',
  'json.JSONEncoder',
]);

export function fillFields(
  I: Interpreter,
  instance: InstanceValue,
  fields: readonly Field[],
  args: Arguments,
  missing?: MissingArgument,
): void {
  fields.forEach((field, i) => {
    const given = args.positional[i] ?? args.keywords.get(field.name);
    I.setAttribute(instance, field.name, given ? given.value : unsetField(I, instance, field, args, missing));
  });
  const post = findInClass(instance.cls, '__post_init__');
  if (post?.kind === 'function') callFunction(I, post, I.plainArguments([], args.site), instance);
}

function unsetField(
  I: Interpreter,
  instance: InstanceValue,
  field: Field,
  args: Arguments,
  missing?: MissingArgument,
): Value {
  const assumed =
    I.assumptionFor(instance.cls.name, field.name, field.site) ??
    (I.constructing.length === 0 ? I.assumption(field.name, field.site) : undefined);
  if (assumed) return assumed;
  if (args.rest) return I.derive(args.rest, `.${field.name}`, args.site);
  if (field.factory) return I.call(field.factory, I.plainArguments([], args.site));
  if (field.fallback) return field.fallback;
  const param: Param = { name: field.name, kind: 'normal', from: field.site.from, to: field.site.to };
  return (
    missing?.(param) ??
    I.unknown(
      message(
        '`{0}` is a field of `{1}` without a default, and this call does not give it.',
        field.name,
        instance.cls.name,
      ),
      field.name,
      field.site,
      { named: true },
    )
  );
}

function namedTuple(cls: ClassValue, args: Arguments): Value {
  const fields = dataFieldsOf(cls) ?? [];
  const items = fields.map(
    (field, i) => (args.positional[i] ?? args.keywords.get(field.name))?.value ?? field.fallback ?? NONE,
  );
  return { kind: 'tuple', items, names: fields.map((f) => f.name), cls };
}

/** `Color('red')`: the member with that value. */
function enumMember(I: Interpreter, cls: ClassValue, args: Arguments): Value {
  const wanted = args.positional[0]?.value;
  for (const [name, value] of cls.names) {
    if (wanted && I.equal(value, wanted) === true) return enumInstance(I, cls, name, value);
  }
  return wanted?.kind === 'instance'
    ? wanted
    : I.unknown(message('Which member of `{0}` this is can’t be worked out.', cls.name), cls.name, args.site);
}

/** A member of an enumeration, with its `name` and `value`. */
export function enumInstance(I: Interpreter, cls: ClassValue, name: string, value: Value): InstanceValue {
  const key = `%${name}`;
  const known = cls.names.get(key);
  if (known?.kind === 'instance') return known;
  const site: Site = { text: cls.text, from: cls.decl.from, to: cls.decl.headerTo };
  const names: Names = new Map([
    ['name', { kind: 'str', value: name } as Value],
    ['value', isAuto(value) ? int(cls.names.size) : value],
  ]);
  const member: InstanceValue = { kind: 'instance', id: I.id(), cls, names, site };
  cls.names.set(key, member);
  return member;
}

function isAuto(value: Value): boolean {
  return value.kind === 'unknown' && value.name === 'auto()';
}
