import { message } from '../../../model';
import type { Site } from '../parse/text';
import { derivesFromDict, enumInstance, fillDict, findInClass } from './classes';
import { methodOfData } from './builtins/data';
import type { Interpreter } from './interpreter';
import { present } from './scopes';
import { int, namesAsDict } from './make';
import type { ClassValue, InstanceValue, SuperValue, Value } from './values';

/** `object.name`; undefined where Python would raise AttributeError. */
export function attributeOf(I: Interpreter, object: Value, name: string, site: Site): Value | undefined {
  switch (object.kind) {
    case 'instance':
      return instanceAttribute(I, object, name, site);
    case 'class':
      return classAttribute(I, object, name, site);
    case 'super':
      return superAttribute(I, object, name, site);
    case 'module':
      return moduleAttribute(I, object, name, site);
    case 'external':
      return externalAttribute(I, object.name, name, object.site);
    case 'object':
    case 'tensor': {
      const own = object.kind === 'object' ? object.names.get(name) : undefined;
      if (own) return unrepeated(present(I, own));
      const plugins = object.kind === 'object' ? [I.plugin(object.plugin)] : I.plugins;
      for (const plugin of plugins) {
        const value = plugin?.attribute?.(object, name, I);
        if (value) return value;
      }
      return undefined;
    }
    case 'unknown':
      return I.derive(object, `.${name}`, site);
    case 'union':
      return I.mapUnion(object, (o) => attributeOf(I, o, name, site) ?? I.attribute(o, name, site));
    case 'repeat':
      return attributeOf(I, object.value, name, site);
    case 'function':
      return name === '__name__' ? { kind: 'str', value: object.name } : object.attributes.get(name);
    case 'builtin':
      return object.attributes?.get(name);
    case 'method':
      return attributeOf(I, object.fn, name, site);
    default:
      return methodOfData(I, object, name, site);
  }
}

function unrepeated(value: Value): Value {
  return value.kind === 'repeat' ? value.value : value;
}

function instanceAttribute(
  I: Interpreter,
  object: InstanceValue,
  name: string,
  site: Site,
): Value | undefined {
  const own = object.names.get(name);
  if (own) return unrepeated(present(I, own));
  if (name === '__class__') return object.cls;
  if (name === '__dict__') return namesAsDict(object.names);
  if (name === '__setattr__' && !findInClass(object.cls, name))
    return { kind: 'builtin', name, call: (args) => I.setByName(object, args) };
  const inherited = findInClass(object.cls, name);
  if (inherited) return bound(I, inherited, object, site);
  const method = object.dict && methodOfData(I, object.dict, name, site);
  if (method) return method;
  // Before what the base class alone would say: a class derived from `nn.LSTM` has layers of its own beside it.
  const fromBase = I.basePlugin(object.cls)?.plugin.instanceAttribute?.(object, name, I);
  if (fromBase) return fromBase;
  if (object.native) {
    const value = attributeOf(I, object.native, name, site);
    if (value) return value;
  }
  if (object.missing)
    return object.missing.kind === 'unknown' ? I.derive(object.missing, `.${name}`, site) : object.missing;
  const getter = name.startsWith('__') ? undefined : findInClass(object.cls, '__getattr__');
  if (getter?.kind === 'builtin' && object.dict && !object.dict.entries.has(`s:${name}`)) return undefined;
  if (getter?.kind === 'function' || getter?.kind === 'builtin')
    return I.call(
      { kind: 'method', fn: getter, self: object },
      I.plainArguments([{ kind: 'str', value: name }], site),
    );
  const outside = object.cls.order.find(
    (b) => b.kind === 'unknown' || (b.kind === 'external' && !I.pluginFor(b.name)),
  );
  if (outside) return I.inheritedUnknown(object, outside, name, site);
  return undefined;
}

function bound(I: Interpreter, value: Value, self: InstanceValue, site: Site): Value {
  if (value.kind !== 'function') return value;
  if (value.wrapper === 'static') return value;
  if (value.wrapper === 'class') return { kind: 'method', fn: value, self: self.cls };
  const method: Value = { kind: 'method', fn: value, self };
  return value.wrapper === 'property' ? I.call(method, I.plainArguments([], site)) : method;
}

function classAttribute(I: Interpreter, cls: ClassValue, name: string, site: Site): Value | undefined {
  if (name === '__name__' || name === '__qualname__') return { kind: 'str', value: cls.name };
  const value = findInClass(cls, name);
  if (value && cls.isEnum && value.kind !== 'function') return enumInstance(I, cls, name, value);
  if (value)
    return value.kind === 'function' && value.wrapper === 'class'
      ? { kind: 'method', fn: value, self: cls }
      : value;
  for (const base of cls.order) {
    if (base.kind === 'external') return externalAttribute(I, base.name, name, base.site) ?? undefined;
    if (base.kind === 'unknown') return I.derive(base, `.${name}`, site);
  }
  if (derivesFromDict(cls)) return attributeOf(I, I.builtin('dict')!, name, site);
  return undefined;
}

function superAttribute(I: Interpreter, proxy: SuperValue, name: string, site: Site): Value | undefined {
  const { self, owner } = proxy;
  const cls = self.kind === 'instance' ? self.cls : self;
  const start = cls.order.indexOf(owner) + 1;
  for (const base of cls.order.slice(start)) {
    if (base.kind === 'class') {
      const value = base.names.get(name);
      if (value)
        return self.kind === 'instance' ? bound(I, value, self, site) : { kind: 'method', fn: value, self };
      if (name === '__init__' && base.fields && self.kind === 'instance')
        return { kind: 'builtin', name, call: (args) => I.fill(self, base, args) };
    } else if (base.kind === 'external') {
      const plugin = I.pluginFor(base.name);
      if (!plugin || self.kind !== 'instance') continue;
      if (name === '__init__') {
        const init = base.name;
        return {
          kind: 'builtin',
          name,
          call: (args) => {
            plugin.initBase?.(self, plugin.canonical?.(init) ?? init, args, I);
            return { kind: 'none' };
          },
        };
      }
    } else if (base.kind === 'unknown' && name === '__init__' && self.kind === 'instance') {
      I.incomplete(self, message('Its base class `{0}` can’t be worked out.', base.name));
    }
  }
  if (self.kind !== 'instance') return undefined;
  if (name === '__init__') {
    const outside = cls.order
      .slice(start)
      .find((b) => b.kind === 'external' && !I.pluginFor(b.name) && b.name.includes('.'));
    if (outside?.kind === 'external' && !/^(abc|typing|collections|object)\b/.test(outside.name)) {
      I.incomplete(
        self,
        message('Its base class `{0}` is imported from a file that is not at hand.', outside.name),
      );
    }
    return {
      kind: 'builtin',
      name,
      call: (args) => {
        if (self.dict) fillDict(I, self.dict, args);
        return { kind: 'none' };
      },
    };
  }
  if (name === '__setattr__') return { kind: 'builtin', name, call: (args) => I.setByName(self, args) };
  if (self.native) {
    const value = attributeOf(I, self.native, name, site);
    if (value) return value;
    if (name === 'forward' || name === '__call__') return self.native;
  }
  const known = I.basePlugin(self.cls);
  return known?.plugin.instanceAttribute?.(self, name, I);
}

function moduleAttribute(
  I: Interpreter,
  module: Value & { kind: 'module' },
  name: string,
  site: Site,
): Value | undefined {
  const value = module.names.get(name);
  I.recorder?.note(module.text.file, name, value);
  if (value) return present(I, value);
  if (name === '__dict__') I.tie();
  if (name === '__dict__') return namesAsDict(module.names);
  const star = module.names.get('%star');
  if (star?.kind === 'unknown') return I.derive(star, `.${name}`, site);
  I.tie();
  return I.imports.submodule(I, module, name);
}

/** A part of something external: the plug-in may know it as a value. */
export function externalAttribute(
  I: Interpreter,
  object: string,
  name: string,
  site?: Site,
): Value | undefined {
  const full = `${object}.${name}`;
  const plugin = I.pluginFor(full);
  const canonical = plugin?.canonical?.(full) ?? full;
  if (canonical === 'math.pi') return { kind: 'float', value: Math.PI };
  if (full === 'sys.maxsize') return int(Number.MAX_SAFE_INTEGER);
  return plugin?.read?.(canonical, I) ?? { kind: 'external', name: canonical, ...(site && { site }) };
}

export function setAttributeOf(I: Interpreter, object: Value, name: string, value: Value): void {
  switch (object.kind) {
    case 'instance': {
      if (setProperty(I, object, name, value)) break;
      const setter = findInClass(object.cls, '__setattr__');
      if (setter?.kind === 'builtin' && object.dict) {
        I.setItem(object.dict, { kind: 'str', value: name }, value);
      } else if (setter?.kind === 'function' && !I.setting) {
        I.setting = true;
        I.call(
          { kind: 'method', fn: setter, self: object },
          I.plainArguments([{ kind: 'str', value: name }, value], object.site),
        );
        I.setting = false;
        if (!object.names.has(name)) I.setName(object.names, name, value);
      } else I.setName(object.names, name, value);
      break;
    }
    case 'class':
    case 'module':
      I.setName(object.names, name, value);
      break;
    case 'object':
      I.setName(object.names, name, value);
      I.plugin(object.plugin)?.attributeSet?.(object, name, value, I);
      break;
    case 'function':
      I.setName(object.attributes, name, value);
      break;
    case 'unknown':
      I.journal.touch(object.derived);
      object.derived.set(`.${name}`, value);
      break;
    case 'union':
      for (const option of object.options) setAttributeOf(I, option, name, value);
      break;
    case 'repeat':
      setAttributeOf(I, object.value, name, value);
      break;
    case 'tensor': {
      // `layer.weight.requires_grad = False`: the tensor knows whose it is.
      for (const plugin of I.plugins) plugin.tensorAttributeSet?.(object, name, value, I);
      break;
    }
    default:
      break;
  }
}

/**
 * Assigning to a property calls its setter. Modules and parameters given to a module never get that far: `nn.Module.__setattr__` keeps
 * them itself.
 */
function setProperty(I: Interpreter, object: InstanceValue, name: string, value: Value): boolean {
  const property = findInClass(object.cls, name);
  if (property?.kind !== 'function' || !property.setter) return false;
  const kept = value.kind === 'object' || value.kind === 'instance';
  if (kept && I.basePlugin(object.cls)?.plugin.id === 'pytorch') return false;
  I.call({ kind: 'method', fn: property.setter, self: object }, I.plainArguments([value], object.site));
  return true;
}

/** `del object.name` */
export function deleteAttributeOf(I: Interpreter, object: Value, name: string): void {
  if (object.kind === 'instance') I.deleteName(object.names, name);
  else if (object.kind === 'object') {
    I.deleteName(object.names, name);
    I.plugin(object.plugin)?.attributeDeleted?.(object, name, I);
  }
}
