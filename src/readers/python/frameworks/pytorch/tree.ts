import {
  constant,
  mul,
  sub,
  symbol,
  message,
  type Dim,
  type Framework,
  type Layer,
  type Message,
  type UnknownLayer,
} from '../../../../model';
import type { Host } from '../../evaluate/host';
import { alikeValues } from '../../evaluate/loops';
import type { InstanceValue, ObjectValue, UnionValue, UnknownValue, Value } from '../../evaluate/values';
import { infoOf } from './shapes';
import { isParameter } from './layer';
import { countsForItself } from './replaced';
import { calledAttributes } from './called';
import { isStart, startsOf } from './starts';

/** A layer found in a model: where it sits and how often. */
export interface Found {
  readonly path: string;
  readonly object: ObjectValue;
  readonly repeat?: Dim;
}

export interface Tree {
  readonly found: Found[];
  /** Things that may have weights but can't be read, as layers already. */
  readonly unknown: UnknownLayer[];
  /** Modules of the file's own classes, each where it first stands. */
  readonly instances: { readonly instance: InstanceValue; readonly path: string }[];
  /** Order of discovery, across both. */
  readonly order: (Found | UnknownLayer)[];
}

/** Walks a module as PyTorch registers it: attributes in order, containers, never plain lists. Shared modules count where they first stand. */
export function walkModule(root: Value, framework: Framework, host: Host): Tree {
  const tree: Tree = { found: [], unknown: [], instances: [], order: [] };
  new Walker(tree, framework, host).visit(root, '', undefined, undefined);
  return tree;
}

class Walker {
  private readonly seen = new Set<Value>();
  private readonly paths = new Set<string>();
  private readonly looksInside: boolean;

  constructor(
    private readonly tree: Tree,
    private readonly framework: Framework,
    private readonly host: Host,
  ) {
    this.looksInside = framework === 'flax-linen' || framework === 'flax-nnx';
  }

  visit(
    value: Value,
    path: string,
    repeat: Dim | undefined,
    owner: InstanceValue | ObjectValue | undefined,
  ): void {
    switch (value.kind) {
      case 'repeat':
        this.visit(value.value, path, repeat ? mul(repeat, value.count) : value.count, owner);
        break;
      case 'union':
        this.visitUnion(value, path, repeat, owner);
        break;
      case 'object':
        if (!this.seen.has(value)) {
          this.seen.add(value);
          this.visitObject(value, path, repeat);
        }
        break;
      case 'instance':
        if (!this.seen.has(value)) {
          this.seen.add(value);
          this.visitInstance(value, path, repeat);
        }
        break;
      case 'list':
      case 'tuple':
        // PyTorch and Paddle do not see layers in plain lists; Flax does.
        if (this.looksInside)
          value.items.forEach((item, i) => this.visit(item, join(path, String(i)), repeat, owner));
        break;
      case 'dict':
        if (this.looksInside)
          for (const [key, item] of value.entries) this.visit(item, join(path, key.slice(2)), repeat, owner);
        break;
      case 'unknown':
        if (this.mayBeModule(value, path, owner))
          this.addUnknown(value, path, value.reason, rootsOf(value), repeat);
        break;
      default:
        break;
    }
  }

  private visitObject(object: ObjectValue, path: string, repeat: Dim | undefined): void {
    if (object.plugin !== 'pytorch') return;
    if (object.draft) {
      const found: Found = { path: this.unique(path), object, ...(repeat && { repeat }) };
      this.tree.found.push(found);
      this.tree.order.push(found);
      // A parameter put in place of a layer's own weight.
      for (const [name, child] of object.names)
        if (countsForItself(object, name, child)) this.visit(child, join(path, name), repeat, object);
      return;
    }
    for (const [name, child] of object.names)
      if (!name.startsWith('%')) this.visit(child, join(path, name), repeat, object);
  }

  private visitInstance(instance: InstanceValue, path: string, repeat: Dim | undefined): void {
    if (!this.host.isModel(instance.cls)) return;
    this.tree.instances.push({ instance, path });
    const gap = this.host.gaps.get(instance);
    const native = instance.native;
    if (native?.draft) this.visit(native, path, repeat, instance);
    for (const [name, child] of instance.names)
      if (!name.startsWith('%')) this.visit(child, join(path, name), repeat, instance);
    if (gap) this.addGap(instance, path, gap, repeat);
  }

  /** Something that depends on an unknown: a layer that exists or not, or one of several. */
  private visitUnion(
    union: UnionValue,
    path: string,
    repeat: Dim | undefined,
    owner: InstanceValue | ObjectValue | undefined,
  ): void {
    const modules = union.options.filter((o) => this.isModuleLike(o, path, owner));
    if (modules.length === 0) return;
    const [first, ...others] = modules;
    const always = modules.length === union.options.length;
    if (always && others.every((o) => alikeValues(first!, o))) return this.visit(first!, path, repeat, owner);
    if (
      !always &&
      union.flag &&
      union.options.length === 2 &&
      modules.length === 1 &&
      first!.kind !== 'unknown'
    ) {
      // There or not, by a flag: as many as the flag says, 0 or 1.
      const flag = symbol(this.host.symbolFor(union.flag));
      const count = union.options[0] === first ? flag : sub(constant(1), flag);
      return this.visit(first!, path, repeat ? mul(repeat, count) : count, owner);
    }
    const names = union.on.map((u) => u.name).join('`, `');
    const kinds = [...new Set(union.options.map((o) => this.kindOf(o)))];
    const reason = always
      ? message('It is {0}, depending on `{1}`.', kinds.join(' / '), names)
      : message('Whether it exists depends on `{0}`.', names);
    this.addUnknown(first!, path, reason, union.on, repeat, kinds.join(' / '));
  }

  private kindOf(value: Value): string {
    if (value.kind === 'object') return value.type.slice(value.type.lastIndexOf('.') + 1);
    if (value.kind === 'instance') return value.cls.name;
    return value.kind === 'none' || value.kind === 'absent' ? 'None' : '?';
  }

  private isModuleLike(value: Value, path: string, owner: InstanceValue | ObjectValue | undefined): boolean {
    if (value.kind === 'repeat') return this.isModuleLike(value.value, path, owner);
    if (value.kind === 'object') return value.plugin === 'pytorch' && hasWeights(value);
    if (value.kind === 'instance') return this.host.isModel(value.cls);
    return value.kind === 'unknown' && this.mayBeModule(value, path, owner);
  }

  /** An unknown counts as a layer when it came from a constructor outside, or when the class calls it like one. */
  private mayBeModule(
    value: UnknownValue,
    path: string,
    owner: InstanceValue | ObjectValue | undefined,
  ): boolean {
    if (owner === undefined) return false;
    if (owner.kind === 'object') return true;
    const name = path.slice(path.lastIndexOf('.') + 1);
    return value.maybeModule === true || calledAttributes(owner.cls).has(name);
  }

  private addUnknown(
    value: Value,
    path: string,
    reason: Message,
    on: readonly UnknownValue[],
    repeat: Dim | undefined,
    typeName?: string,
  ): void {
    const site = this.host.siteOf(value) ?? { text: this.host.main.text, from: 0, to: 0 };
    const name = value.kind === 'unknown' ? value.name : this.kindOf(value);
    const layer: UnknownLayer = {
      kind: 'unknown',
      path: this.unique(path),
      typeName: typeName ?? name,
      framework: this.framework,
      source: this.host.ref(site),
      reason,
      dependsOn: [...new Set(on)].map((u) => this.host.symbolFor(u)),
      ...(repeat && { repeat }),
    };
    this.tree.unknown.push(layer);
    this.tree.order.push(layer);
  }

  private addGap(instance: InstanceValue, path: string, reason: Message, repeat: Dim | undefined): void {
    const layer: UnknownLayer = {
      kind: 'unknown',
      path: this.unique(join(path, '…')),
      typeName: instance.cls.name,
      framework: this.framework,
      source: this.host.ref({
        text: instance.cls.text,
        from: instance.cls.decl.from,
        to: instance.cls.decl.headerTo,
      }),
      reason,
      dependsOn: [],
      ...(repeat && { repeat }),
    };
    this.tree.unknown.push(layer);
    this.tree.order.push(layer);
  }

  private unique(path: string): string {
    let name = path;
    for (let n = 2; this.paths.has(name); n++) name = `${path}#${n}`;
    this.paths.add(name);
    return name;
  }
}

function rootsOf(value: UnknownValue): readonly UnknownValue[] {
  return value.roots.length > 0 ? value.roots : [value];
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

const NO_WEIGHTS: ReadonlySet<string> = new Set([
  'activation',
  'dropout',
  'pooling',
  'reshape',
  'merge',
  'input',
  'preprocessing',
  'other',
]);

function hasWeights(object: ObjectValue): boolean {
  return object.draft
    ? !NO_WEIGHTS.has(object.draft.kind)
    : [...object.names.values()].some((v) => v.kind !== 'object' || hasWeights(v));
}

/** Frozen weights, weight tying and weight norm, as set on the object. */
export function states(
  found: Found,
  pathOf: (object: ObjectValue) => string | undefined,
  host: Host,
): Partial<Layer> {
  const { object } = found;
  const frozenNames: string[] = [];
  const tied: Record<string, { layer: string; tensor: string }> = {};
  const norms: { tensor: string; dim?: number }[] = [];
  for (const [name, value] of object.names) {
    if (name.startsWith('%frozen:')) frozenNames.push(name.slice('%frozen:'.length));
    else if (name.startsWith('%norm:')) {
      const dim = value.kind === 'int' ? Number(value.dim.terms.get('')?.coefficient ?? 0n) : undefined;
      norms.push({ tensor: name.slice('%norm:'.length), ...(dim !== undefined && dim !== 0 && { dim }) });
    } else if (value.kind === 'tensor') {
      const { owner, tensor } = infoOf(value);
      const layer = owner && pathOf(owner);
      if (owner !== object && layer !== undefined && tensor !== undefined)
        tied[name] = { layer, tensor: tensor === '*' ? 'parameter' : tensor };
    } else if (value.kind === 'object' && isParameter(value)) {
      const layer = pathOf(value);
      if (layer !== undefined) tied[name] = { layer, tensor: 'parameter' };
    }
  }
  void host;
  const initialisers = startsOf(object);
  const frozen = object.names.has('%frozen') ? true : frozenNames.length > 0 ? frozenNames : undefined;
  return {
    ...(frozen !== undefined && { frozen }),
    ...(Object.keys(tied).length > 0 && { tied }),
    ...(norms.length > 0 && { weightNorm: norms }),
    ...(initialisers && { initialisers }),
  };
}

/** A weight that is shared or not, frozen or not, depending on an unknown: then the layer's count is not known. */
export function undecided(object: ObjectValue): UnionValue | undefined {
  for (const [name, value] of object.names) if (value.kind === 'union' && !isStart(name)) return value;
  return undefined;
}
