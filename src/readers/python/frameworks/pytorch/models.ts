import {
  dimKey,
  message,
  symbolsIn,
  type Layer,
  type LayerCall,
  type Message,
  type Model,
} from '../../../../model';
import type { Param } from '../../parse/ast';
import { textOf } from '../../parse/text';
import type { Host } from '../../evaluate/host';
import type {
  Arguments,
  ClassValue,
  InstanceValue,
  LayerDraft,
  ObjectValue,
  UnknownValue,
  Value,
} from '../../evaluate/values';
import { eachDim } from '../../model/rename';
import { assumedOf, settleUnknowns } from '../../model/unknowns';
import type { Dialect } from './dialect';
import { frameworkOf, isParameter } from './layer';
import { withOwnCells } from './own-cells';
import { followForward, type Followed } from './follow';
import { withoutRemoved } from './replaced';
import { states, undecided, walkModule, type Found, type Tree } from './tree';

/** Distinct constructions of one class that are shown. */
const MAX_PER_CLASS = 12;

/** A model, the class it shows and what tells it from others of that class. */
interface Candidate {
  readonly cls: string;
  readonly at: number;
  readonly model: Model;
  readonly key: string;
}

/** What constructing a class alone came to: its models and those of the classes it is made of. */
interface Section {
  readonly constructed: readonly string[];
  readonly candidates: readonly Candidate[];
}

/** Every model of the dialect that the file describes, in source order. */
export function torchModels(host: Host, dialect: Dialect): Model[] {
  callBuilders(host, dialect);
  dialect.discover?.(host);
  const ours = new Set(
    host.classes.filter((c) => c.text.file === (host.about ?? host.main.text.file) && speaks(c, dialect)),
  );
  const built = [...host.instances];
  const constructed = new Set(built.map((i) => idOf(i.cls, host)));
  const sections: Section[] = [];
  // The last class is mostly the one that is made of the others: it tells their sizes.
  for (const cls of host.about === undefined ? [...ours].reverse() : []) {
    if (constructed.has(idOf(cls, host))) continue;
    const section = remembered(host, dialect, cls, () => sectionOf(cls, ours, dialect, host));
    section.constructed.forEach((id) => constructed.add(id));
    sections.push(section);
  }
  const shown = new Distinct();
  for (const instance of built) {
    if (!shows(instance, ours, dialect, host) || shown.full(idOf(instance.cls, host))) continue;
    const found = remembered(host, dialect, instance, () => candidateOf(instance, ours, dialect, host));
    if (found) shown.add(found);
  }
  for (const { candidates } of sections) candidates.forEach((c) => shown.add(c));
  const made = [...shown.all, ...variables(dialect, host)];
  return made.sort((a, b) => a.at - b.at).map((m) => m.model);
}

/** Models that come up while others are followed are not this part's alone. */
function remembered<T>(host: Host, dialect: Dialect, subject: ClassValue | InstanceValue, run: () => T): T {
  return dialect.discover ? run() : host.remember(subject, run);
}

function sectionOf(cls: ClassValue, ours: ReadonlySet<ClassValue>, dialect: Dialect, host: Host): Section {
  const before = host.instances.length;
  constructAlone(cls, dialect, host);
  const born = host.instances.slice(before);
  const distinct = new Distinct();
  for (const instance of born) {
    if (!shows(instance, ours, dialect, host) || distinct.full(idOf(instance.cls, host))) continue;
    const found = candidateOf(instance, ours, dialect, host);
    if (found) distinct.add(found);
  }
  return { constructed: born.map((i) => idOf(i.cls, host)), candidates: distinct.all };
}

/** Is an instance one of the models of this file? */
function shows(
  instance: InstanceValue,
  ours: ReadonlySet<ClassValue>,
  dialect: Dialect,
  host: Host,
): boolean {
  if (!host.isModel(instance.cls) || !speaks(instance.cls, dialect)) return false;
  return ours.has(instance.cls) || (instance.site.text === host.main.text && !host.builtInside(instance));
}

function candidateOf(
  instance: InstanceValue,
  ours: ReadonlySet<ClassValue>,
  dialect: Dialect,
  host: Host,
): Candidate | undefined {
  const inFile = ours.has(instance.cls);
  const model = modelOf(instance, dialect, host, inFile);
  if (!model) return undefined;
  const at = inFile ? instance.cls.decl.from : instance.site.from;
  return { cls: idOf(instance.cls, host), at, model, key: model.layers.map(layerKey).join('\n') };
}

/** Models that differ, a few for each class. */
class Distinct {
  readonly all: Candidate[] = [];
  private readonly keys = new Map<string, Set<string>>();

  full(cls: string): boolean {
    return (this.keys.get(cls)?.size ?? 0) >= MAX_PER_CLASS;
  }

  add(candidate: Candidate): void {
    const keys = this.keys.get(candidate.cls) ?? new Set<string>();
    this.keys.set(candidate.cls, keys);
    if (keys.size >= MAX_PER_CLASS || keys.has(candidate.key)) return;
    keys.add(candidate.key);
    this.all.push(candidate);
  }
}

/** Tells a class from all others, in every reading in which its declaration is the same; one declaration may be run more than once. */
function idOf(cls: ClassValue, host: Host): string {
  const same = host.classes.filter((c) => c.decl === cls.decl);
  return `${cls.text.file}:${cls.decl.from}:${same.indexOf(cls)}`;
}

/** Does a class derive from a module class of the dialect? */
function speaks(cls: ClassValue, dialect: Dialect): boolean {
  return cls.order.some((b) => b.kind === 'external' && dialect.owns(b.name));
}

/** What makes two models the same: their layers' sizes. */
function layerKey(layer: Layer): string {
  return JSON.stringify(layer, (key, value: unknown) => {
    if (key === 'source' || key === 'facts' || key === 'calls' || key === 'callsUnknown') return undefined;
    return value !== null && typeof value === 'object' && 'terms' in value ? dimKey(value as never) : value;
  });
}

/** Functions that nobody calls but that construct models are called with unknown arguments. */
function callBuilders(host: Host, dialect: Dialect): void {
  host.callUncalled((name) => host.classes.some((c) => c.name === name && speaks(c, dialect)));
}

/** A class that nobody constructs: with its defaults, and named unknowns for the rest. */
function constructAlone(cls: ClassValue, dialect: Dialect, host: Host): void {
  const site = { text: cls.text, from: cls.decl.from, to: cls.decl.headerTo };
  const args: Arguments = { positional: [], keywords: new Map(), site };
  host.withFuel(150_000, () => {
    const made = host.instantiate(cls, args, (param) => missingArgument(cls, param, host));
    if (made.kind === 'instance') dialect.discover?.(host);
  });
}

function missingArgument(cls: ClassValue, param: Param, host: Host): UnknownValue {
  const reason = message(
    '`{0}` is an argument of `{1}.__init__` without a default, and no call in this file gives it.',
    param.name,
    cls.name,
  );
  const flag = param.annotation?.type === 'name' && param.annotation.id === 'bool';
  const numeric = param.annotation?.type === 'name' && param.annotation.id === 'int';
  return host.unknown(
    reason,
    param.name,
    { text: cls.text, from: param.from, to: param.to },
    { named: true, ...(flag && { flag }), ...(numeric && { numeric }) },
  );
}

function modelOf(instance: InstanceValue, dialect: Dialect, host: Host, inFile: boolean): Model | undefined {
  const { cls } = instance;
  const walk = () => walkModule(instance, dialect.framework, host);
  if (!dialect.madeOnCall && weighsNothing(walk())) return undefined;
  const followed = followForward(instance, dialect, host, walk);
  if (dialect.madeOnCall && weighsNothing(followed.tree)) return undefined;
  // One of the copies that a loop of unknown length makes is no model of its own.
  if (followed.tree.found.some((f) => !f.repeat && turningSymbols(f.object.draft!, host).length > 0))
    return undefined;
  const { layers, unknowns } = settleUnknowns(
    withOwnCells(layersOf(followed.tree, dialect, followed, host), followed.tree, dialect, host),
    host,
  );
  const header = inFile ? { text: cls.text, from: cls.decl.from, to: cls.decl.headerTo } : instance.site;
  const alone = instance.site.from === cls.decl.from && instance.site.text === cls.text;
  return {
    name: cls.name,
    framework: dialect.framework,
    source: host.ref(header),
    form: 'class',
    ...(!alone && { construction: { source: host.ref(instance.site), text: textOf(instance.site) } }),
    layers,
    unknowns,
    assumed: assumedOf(host),
  };
}

/** A free parameter is there as soon as it is asked for; a layer's weights come with its first call. */
function makesWeights(object: ObjectValue): boolean {
  return !isWeightless(object) && !isParameter(object);
}

function weighsNothing(tree: Tree): boolean {
  return tree.order.every((o) => 'object' in o && isWeightless(o.object));
}

const WEIGHTLESS_KINDS = new Set([
  'activation',
  'dropout',
  'pooling',
  'reshape',
  'merge',
  'input',
  'preprocessing',
  'other',
]);

function isWeightless(object: ObjectValue): boolean {
  return object.draft !== undefined && WEIGHTLESS_KINDS.has(object.draft.kind);
}

function layersOf(tree: Tree, dialect: Dialect, followed: Followed, host: Host): Layer[] {
  const paths = new Map<ObjectValue, string>();
  for (const found of tree.found) paths.set(found.object, found.path);
  return tree.order.map((entry) =>
    'object' in entry
      ? layerOf(entry, paths, dialect, followed, host)
      : { ...entry, callsUnknown: entry.reason },
  );
}

function layerOf(
  found: Found,
  paths: ReadonlyMap<ObjectValue, string>,
  dialect: Dialect,
  followed: Followed,
  host: Host,
): Layer {
  const { object, path } = found;
  const made = dialect.madeOnCall ? (eachDim(object.draft!, followed.resolve) as LayerDraft) : object.draft!;
  const base = {
    path,
    framework: frameworkOf(object.type),
    source: host.ref(object.site),
    ...(found.repeat && { repeat: found.repeat }),
  };
  const unknown = (reason: Message, dependsOn: readonly string[] = []): Layer => ({
    ...base,
    kind: 'unknown',
    typeName: made.typeName,
    reason,
    dependsOn,
    callsUnknown: reason,
  });
  const either = undecided(object);
  if (either) {
    const reason = message(
      'Whether its weights are shared or frozen depends on `{0}`.',
      either.on.map((u) => u.name).join('`, `'),
    );
    return unknown(
      reason,
      either.on.map((u) => host.symbolFor(u)),
    );
  }
  if (dialect.madeOnCall && hasOpenAxes(made))
    return unknown(message('Its sizes come from a shape that can’t be followed.'));
  const left = withoutRemoved(object, made);
  if ('reason' in left) return unknown(left.reason);
  const turning = turningSymbols(left.draft, host);
  if (turning.length > 0) {
    const reason = message(
      'Its size changes from one turn of a loop to the next, and the number of turns is not known.',
    );
    const count = found.repeat ? [...symbolsIn(found.repeat)] : [];
    return unknown(reason, count);
  }
  const uses = usesOf(object, followed);
  if (dialect.madeOnCall && 'calls' in uses && uses.calls.length === 0 && makesWeights(object)) {
    const reason = message(
      'Its weights are made when it is first called, and no call of it can be followed.',
    );
    return unknown(reason);
  }
  return { ...left.draft, ...base, ...states(found, (o) => paths.get(o), host), ...uses } as Layer;
}

/** Is a size of it an axis of the input that nothing has told? */
function hasOpenAxes(draft: LayerDraft): boolean {
  const names = new Set<string>();
  eachDim(draft, (d) => {
    symbolsIn(d, names);
    return d;
  });
  return [...names].some((name) => name.startsWith('$axis'));
}

/** Symbols in a layer's sizes that stand for another value in each turn of a loop. */
function turningSymbols(draft: LayerDraft, host: Host): string[] {
  const names = new Set<string>();
  eachDim(draft, (d) => {
    symbolsIn(d, names);
    return d;
  });
  return [...names].filter((name) => {
    const unknown = host.unknownOf(name);
    return unknown?.atLeast !== undefined || unknown?.perTurn === true;
  });
}

function usesOf(
  object: ObjectValue,
  followed: Followed,
): { calls: readonly LayerCall[] } | { callsUnknown: Message } {
  return followed.uses(object);
}

/** Containers and layers bound to names of the module: `model = nn.Sequential(…)`, `rnn = nn.LSTM(10, 20, 2)`. */
function variables(dialect: Dialect, host: Host): { at: number; model: Model }[] {
  const list: { at: number; model: Model }[] = [];
  const taken = new Set<Value>();
  for (const instance of host.instances) for (const child of instance.names.values()) taken.add(child);
  for (const object of host.objects) for (const child of object.names.values()) taken.add(child);
  for (const [name, value] of host.main.names) {
    if (
      value.kind !== 'object' ||
      value.plugin !== 'pytorch' ||
      frameworkOf(value.type) !== dialect.framework ||
      taken.has(value) ||
      isParameter(value)
    )
      continue;
    taken.add(value);
    if (value.site.text !== host.main.text) continue;
    if (value.draft && (isWeightless(value) || value.draft.kind === 'unknown')) continue;
    const followed = followForward(value, dialect, host, () => walkModule(value, dialect.framework, host));
    if (followed.tree.order.every((o) => 'object' in o && isWeightless(o.object))) continue;
    const { layers, unknowns } = settleUnknowns(
      layersOf(followed.tree, dialect, followed, host).map((l) => (l.path === '' ? { ...l, path: name } : l)),
      host,
    );
    list.push({
      at: value.site.from,
      model: {
        name,
        framework: dialect.framework,
        source: host.ref(value.site),
        form: 'sequential',
        layers,
        unknowns,
        assumed: assumedOf(host),
      },
    });
  }
  return list;
}
