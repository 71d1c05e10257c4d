import { constant as constantDim, message } from '../../../model';
import type { Expr } from '../parse/ast';
import type { Site } from '../parse/text';
import { builtinNamed } from './builtins';
import type { Interpreter } from './interpreter';
import { deleteItemOf, itemsOf } from './items';
import type { ModuleValue, Scope, UnknownValue, Value } from './values';

/** The scope that holds `name` as seen from `scope`, by Python's rules. */
function holder(scope: Scope, name: string): Scope | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    if (at.isClass && at !== scope) continue;
    const redirected = at.redirected?.get(name);
    if (redirected) return redirected;
    if (at.names.has(name)) return at;
  }
  return undefined;
}

export function lookUp(I: Interpreter, scope: Scope, name: string, site: Site): Value {
  const at = holder(scope, name);
  const value = at?.names.get(name);
  if (I.recorder && (at === undefined || at.names === at.module.names))
    I.recorder.note((at ?? scope).module.text.file, name, value);
  if (value !== undefined) return value.kind === 'union' ? present(I, value) : value;
  if (name === '__class__')
    return scope.names.get('%class') ?? I.unknown(message('`__class__` outside a class.'), name, site);
  const known = builtinNamed(I, name);
  if (known) return known;
  const assumed = I.assumption(name, site);
  if (assumed) return assumed;
  const star = starImport(I, scope.module);
  if (star) return I.derive(star, name === '' ? '' : `.${name}`, site);
  const unknown = I.unknown(message('`{0}` is not defined in this file.', name), name, site, { named: true });
  I.setName(scope.module.names, name, unknown);
  return unknown;
}

/** Where a `from x import *` was not readable, any name may come from it. */
function starImport(I: Interpreter, module: ModuleValue): UnknownValue | undefined {
  const star = module.names.get('%star');
  I.recorder?.note(module.text.file, '%star', star);
  return star?.kind === 'unknown' ? star : undefined;
}

/** A name that one branch did not set has, where it is used, the other branch's value. */
export function present(I: Interpreter, value: Value): Value {
  if (value.kind !== 'union' || !value.options.some((o) => o.kind === 'absent')) return value;
  const options = value.options.filter((o) => o.kind !== 'absent');
  return options.length === 1 ? options[0]! : I.union(options, value.on);
}

/** Gives a nameless unknown the name it is bound to; the user's value for that name wins. Returns what to bind. */
export function nameValue(I: Interpreter, value: Value, name: string, site?: Site): Value {
  if (value.kind === 'unknown' && !value.named) {
    const assumed = I.assumption(name, site);
    if (assumed) return assumed;
    if (value.symbol === undefined) {
      if (I.recorder && value.id < I.recorder.since) I.tie();
      value.name = name;
      value.named = true;
    }
  } else if (value.kind === 'union' && value.name === undefined) {
    const assumed = I.assumption(name, site);
    if (assumed) return assumed;
    value.name = name;
  }
  return value;
}

/** Binds a plain name. */
export function assignName(I: Interpreter, scope: Scope, name: string, value: Value, site?: Site): Value {
  const target = scope.redirected?.get(name) ?? scope;
  const named = constant(nameValue(I, value, name, site), !target.parent || target.isClass === true);
  I.setName(target.names, name, named);
  return named;
}

/** A literal bound to a module's or class's name is a constant from there on. */
function constant(value: Value, shared: boolean): Value {
  return shared && value.how === 'literal' ? { ...value, how: 'constant' } : value;
}

/** Binds an assignment target: a name, an attribute, an item, or a sequence of them. */
export function bindTarget(I: Interpreter, scope: Scope, target: Expr, value: Value): void {
  const site: Site = { text: scope.module.text, from: target.from, to: target.to };
  switch (target.type) {
    case 'name':
      assignName(I, scope, target.id, value, site);
      break;
    case 'attribute':
      I.setAttribute(I.evaluate(target.object, scope), target.name, nameValue(I, value, target.name, site));
      break;
    case 'subscript':
      I.setItem(I.evaluate(target.object, scope), I.evaluate(target.index, scope), value);
      break;
    case 'starred':
      bindTarget(I, scope, target.value, value);
      break;
    case 'tuple':
    case 'list':
      bindSequence(I, scope, target.items, value, site);
      break;
    default:
      break;
  }
}

function bindSequence(
  I: Interpreter,
  scope: Scope,
  targets: readonly Expr[],
  value: Value,
  site: Site,
): void {
  if (value.kind === 'union') {
    const lists = value.options.map((o) => itemsOf(I, o));
    if (lists.every((l) => l?.length === targets.length)) {
      targets.forEach((target, i) =>
        bindTarget(
          I,
          scope,
          target,
          I.union(
            lists.map((l) => l![i]!),
            value.on,
          ),
        ),
      );
      return;
    }
  }
  const items = itemsOf(I, value);
  const star = targets.findIndex((t) => t.type === 'starred');
  if (items && star >= 0 && items.length >= targets.length - 1) {
    const after = targets.length - 1 - star;
    targets.forEach((target, i) => {
      if (i < star) bindTarget(I, scope, target, items[i]!);
      else if (i === star)
        bindTarget(I, scope, target, { kind: 'list', items: items.slice(star, items.length - after) });
      else bindTarget(I, scope, target, items[items.length - targets.length + i]!);
    });
    return;
  }
  targets.forEach((target, i) => {
    const item = items ? items[i] : partOf(I, value, i, site);
    bindTarget(
      I,
      scope,
      target,
      item ?? I.unknown(message('`{0}` has too few values.', I.textOf(site)), I.textOf(site), site),
    );
  });
}

function partOf(I: Interpreter, value: Value, index: number, site: Site): Value {
  if (value.kind === 'tensor' || value.kind === 'object')
    return I.item(value, { kind: 'int', dim: constantDim(index) }, site);
  if (value.kind === 'unknown') return I.derive(value, `[${index}]`, site);
  return I.dependent(site, [value], message('`{0}` can’t be worked out.', I.textOf(site)));
}

export function unbind(I: Interpreter, scope: Scope, target: Expr): void {
  if (target.type === 'name') I.deleteName(scope.names, target.id);
  else if (target.type === 'attribute') {
    I.deleteAttribute(I.evaluate(target.object, scope), target.name);
  } else if (target.type === 'subscript') {
    const object = I.evaluate(target.object, scope);
    const index = I.evaluate(target.index, scope);
    deleteItemOf(I, object, index, { text: scope.module.text, from: target.from, to: target.to });
  }
}
