import {
  add,
  type AssumableValue,
  ceilDiv,
  constant,
  dimKey,
  message,
  mul,
  sub,
  symbol,
  symbolsIn,
  type Assumed,
  type Assumptions,
  type Dim,
  type LayerCall,
  type Message,
  type Problem,
  type Shape,
  type SourceRef,
} from '../../../model';
import type { FrameworkPlugin } from '../frameworks/types';
import type { ClassDef, Expr, FunctionDef, Param, Stmt } from '../parse/ast';
import { refOf, textOf, type Site } from '../parse/text';
import { attributeOf, deleteAttributeOf, setAttributeOf } from './attributes';
import { callValue } from './calls';
import { builtinNamed } from './builtins';
import { copyOf } from './copies';
import { dataFieldsOf, defineClass, fieldOf, fillFields, instantiate } from './classes';
import { defineFunction } from './functions';
import { evaluateExpression, spread } from './expressions';
import type { Host } from './host';
import type { Imports } from './imports';
import { itemOf, itemsOf, setItemOf } from './items';
import { joinValues } from './join';
import { Journal } from './journal';
import { keyOf, valueOfKey } from './keys';
import { binary, equal } from './operators';
import type { Recalling, Recorder } from './recall';
import { runBlock, type Completion } from './statements';
import { callUncalledFunctions } from './uncalled';
import { MORE, restOfDict } from './values';
import type {
  Argument,
  Arguments,
  ClassValue,
  DictValue,
  Field,
  FunctionValue,
  InstanceValue,
  LayerDraft,
  ListValue,
  ModuleValue,
  Names,
  ObjectValue,
  Scope,
  TensorValue,
  UnionValue,
  UnknownValue,
  Value,
} from './values';

/** Values that have no name of their own. */
const DATA_KINDS: ReadonlySet<Value['kind']> = new Set<Value['kind']>([
  'none',
  'int',
  'float',
  'bool',
  'str',
  'list',
  'tuple',
  'dict',
  'tensor',
]);

/** How much one reading may do. */
export interface Limits {
  /** Expressions evaluated. */
  readonly fuel: number;
  /** Calls inside calls. */
  readonly depth: number;
  /** Values made. */
  readonly values: number;
}

export const LIMITS: Limits = { fuel: 600_000, depth: 48, values: 90_000 };

/** How many expressions a value may cost, where a part of the reading has bounds of its own. */
const FUEL_PER_VALUE = 10;
const LEAST_VALUES = 4_000;

/** One reading of one file: the state that evaluation shares. The work is done in the modules beside this one. */
export class Interpreter implements Host {
  readonly journal = new Journal();
  readonly classes: ClassValue[] = [];
  readonly instances: InstanceValue[] = [];
  readonly objects: ObjectValue[] = [];
  readonly problems: Problem[] = [];
  /** Functions that were called. */
  readonly called = new Set<unknown>();
  readonly pendingReturns: { value: Value; on: readonly UnknownValue[] }[][] = [];
  /** Annotated fields of the class bodies that run now. */
  readonly fieldLists: Field[][] = [];
  /** Why an instance's layers may not all be known. */
  readonly gaps = new Map<InstanceValue, Message>();
  /** The arguments each instance was made with. */
  readonly madeWith = new Map<InstanceValue, Arguments>();
  /** Inside a class's own `__setattr__`. */
  setting = false;
  private readonly inside = new Set<InstanceValue>();
  private readonly builtins = new Map<string, Value>();
  /** The user's values that what runs now has used. */
  assumed = new Map<string, Assumed>();
  /** Those that the module's own statements have used. */
  private assumedByModule: ReadonlyMap<string, Assumed> | undefined;
  /** Which unknown each symbol in a size stands for. */
  private readonly symbols = new Map<string, UnknownValue>();
  /** The last number given to each name that several unknowns have. */
  private readonly lastNumber = new Map<string, number>();
  private readonly keys = new Map<string, Value>();
  private nextId = 1;
  /** Notes what the part that runs now takes from outside itself. */
  recorder: Recorder | undefined;
  /** Ids up to which the part of the reading that runs now may make values. */
  private lastId: number;
  /** Fuel left for the part of the reading that runs now. */
  fuel: number;
  depth = 0;
  main!: ModuleValue;
  imports!: Imports;
  /** The file whose classes are of interest, when that is another one than the file that is read. */
  about: string | undefined;
  /** Following `forward`: layer uses count. */
  following = false;
  /** How many journal frames were open when following began. */
  private followDepth = 0;
  readonly axes = new Map<string, Dim>();
  /** Trip counts of the loops around what runs now. */
  readonly trips: Dim[] = [];
  /** Modules whose constructor runs now, outermost first. */
  readonly constructing: InstanceValue[] = [];

  constructor(
    readonly plugins: readonly FrameworkPlugin[],
    readonly assumptions: Assumptions,
    private readonly cancelled: () => boolean,
    private readonly recalling?: Recalling,
    readonly limits: Limits = LIMITS,
  ) {
    this.fuel = limits.fuel;
    this.lastId = limits.values;
  }

  /** Runs a part of the reading, or takes what it came to when last it ran. Its result must be plain data. */
  remember<T>(subject: ClassValue | InstanceValue, run: () => T): T {
    if (this.recorder) return run();
    this.assumedByModule ??= new Map(this.assumed);
    const all = this.assumed;
    this.assumed = new Map(this.assumedByModule);
    const result = this.recalling ? this.recalling.run(this, subject, run, this.assumedByModule) : run();
    for (const [name, assumed] of this.assumed) all.set(name, assumed);
    this.assumed = all;
    return result;
  }

  /** Runs something while its reads are noted, and tells whether it changed anything that was there before. */
  recorded<T>(recorder: Recorder, run: () => T): { result: T; changed: boolean } {
    this.recorder = recorder;
    this.journal.open();
    try {
      const result = run();
      return { result, changed: this.journal.changed() };
    } finally {
      this.journal.close();
      this.recorder = undefined;
    }
  }

  /** What happens now must happen in every reading. */
  tie(): void {
    if (this.recorder) this.recorder.tied = true;
  }

  /** What a name of a module is worth now. */
  moduleName(file: string, name: string): Value | undefined {
    return this.imports.moduleOf(file)?.names.get(name);
  }

  skipIds(count: number): void {
    this.nextId += count;
  }

  id(): number {
    return this.nextId++;
  }

  /** Spends fuel; false when there is none left. */
  spend(amount = 1): boolean {
    if (this.fuel <= 0) return false;
    this.fuel -= amount;
    if ((this.fuel & 4095) === 0 && this.cancelled()) this.fuel = 0;
    return this.fuel > 0;
  }

  exhausted(): boolean {
    return this.fuel <= 0 || this.nextId > this.lastId;
  }

  evaluate(expr: Expr, scope: Scope): Value {
    return evaluateExpression(this, expr, scope);
  }

  call(callee: Value, args: Arguments): Value {
    return callValue(this, callee, args);
  }

  plainArguments(values: readonly Value[], site: Site): Arguments {
    return { positional: values.map((value) => ({ value, site })), keywords: new Map(), site };
  }

  callMethod(self: Value, name: string, values: readonly Value[], site: Site): Value {
    return this.call(this.attribute(self, name, site), this.plainArguments(values, site));
  }

  attribute(object: Value, name: string, site: Site): Value {
    const found = attributeOf(this, object, name, site);
    if (found) return found;
    const full = DATA_KINDS.has(object.kind) ? textOf(site) : `${this.describe(object)}.${name}`;
    const reason = message('`{0}` has no attribute `{1}` that this file sets.', this.describe(object), name);
    return this.assumption(full, site) ?? this.unknown(reason, full, site);
  }

  findAttribute(object: Value, name: string, site: Site): Value | undefined {
    return attributeOf(this, object, name, site);
  }

  setAttribute(object: Value, name: string, value: Value): void {
    setAttributeOf(this, object, name, value);
  }

  deleteAttribute(object: Value, name: string): void {
    deleteAttributeOf(this, object, name);
  }

  item(object: Value, index: Value, site: Site): Value {
    return itemOf(this, object, index, site);
  }

  items(value: Value): readonly Value[] | undefined {
    return itemsOf(this, value);
  }

  truth(value: Value): boolean | readonly UnknownValue[] {
    switch (value.kind) {
      case 'bool':
        return value.value;
      case 'none':
        return value.ellipsis === true;
      case 'absent':
        return false;
      case 'str':
        return value.value !== '';
      case 'int': {
        const known = this.equal(value, { kind: 'int', dim: constant(0) });
        return known === undefined ? this.rootsOf(value) : !known;
      }
      case 'float':
        return value.value === undefined ? this.rootsOf(value) : value.value !== 0;
      case 'list':
      case 'tuple':
        return value.items.some((item) => item.kind !== 'union') || value.items.length === 0
          ? value.items.length > 0
          : this.rootsOf(value.items[0]!);
      case 'dict':
        return dictTruth(value);
      case 'unknown':
        return this.rootsOf(value);
      case 'union': {
        const answers = value.options.map((option) => this.truth(option));
        if (answers.every((a) => a === answers[0] && typeof a === 'boolean')) return answers[0] as boolean;
        return [...new Set([...value.on, ...answers.flatMap((a) => (typeof a === 'boolean' ? [] : a))])];
      }
      case 'tensor':
        return [this.unknown(message('It depends on the data.'), 'data')];
      default:
        return true;
    }
  }

  equal(a: Value, b: Value): boolean | undefined {
    return equal(this, a, b);
  }

  /** The unknowns a value depends on. */
  rootsOf(value: Value): readonly UnknownValue[] {
    switch (value.kind) {
      case 'unknown':
        return value.roots.length > 0 ? value.roots : [value];
      case 'union':
        return value.on;
      case 'int':
        return this.rootsOfDim(value.dim);
      case 'float':
        return value.quotient
          ? [...this.rootsOfDim(value.quotient.over), ...this.rootsOfDim(value.quotient.under)]
          : [];
      case 'list':
      case 'tuple':
        return value.items.flatMap((item) => this.rootsOf(item));
      case 'repeat':
        return this.rootsOfDim(value.count);
      case 'range':
        return [...this.rootsOfDim(value.start), ...this.rootsOfDim(value.stop)];
      default:
        return [];
    }
  }

  private rootsOfDim(d: Dim): UnknownValue[] {
    return [...symbolsIn(d)].flatMap((name) => this.symbols.get(name) ?? []);
  }

  unknownOf(name: string): UnknownValue | undefined {
    return this.symbols.get(name);
  }

  symbolDim(name: string): Dim {
    return symbol(name);
  }

  dim(value: Value): Dim | undefined {
    switch (value.kind) {
      case 'int':
        return value.dim;
      case 'bool':
        return constant(value.value ? 1 : 0);
      case 'unknown':
        return symbol(this.symbolFor(value));
      case 'union':
        return this.unionDim(value);
      default:
        return undefined;
    }
  }

  private unionDim(union: UnionValue): Dim | undefined {
    const dims = union.options.map((option) => (option.kind === 'union' ? undefined : this.dim(option)));
    if (union.flag && dims[0] && dims[1]) {
      const flag = symbol(this.symbolFor(union.flag));
      return add(dims[1], mul(flag, sub(dims[0], dims[1])));
    }
    if (!dims.some((d) => d !== undefined)) return undefined;
    const assumed = union.name === undefined || union.stand ? undefined : this.assumption(union.name);
    if (assumed && assumed.kind !== 'union') return this.dim(assumed);
    union.stand ??= this.unknown(
      message('It depends on `{0}`.', union.on.map((u) => u.name).join('`, `')),
      union.name ?? 'value',
      undefined,
      {
        roots: [],
        numeric: true,
        named: union.name !== undefined,
        choices: dims.flatMap((d) => this.plainChoice(d)),
      },
    );
    return symbol(this.symbolFor(union.stand));
  }

  private plainChoice(d: Dim | undefined): AssumableValue[] {
    if (d === undefined) return [];
    const text = dimKey(d);
    const match =
      text === '0'
        ? 0
        : d.terms.size === 1 && d.terms.has('')
          ? Number(d.terms.get('')!.coefficient)
          : undefined;
    return match === undefined ? [] : [match];
  }

  /** The unknown's symbol; two unknowns never share one. */
  symbolFor(unknown: UnknownValue): string {
    if (unknown.symbol === undefined) {
      let name = unknown.name;
      let n = this.lastNumber.get(name) ?? 1;
      while (this.symbols.has(name) || name === '$T' || name === '$B') name = `${unknown.name}#${++n}`;
      this.lastNumber.set(unknown.name, n);
      unknown.symbol = name;
      this.symbols.set(name, unknown);
    }
    return unknown.symbol;
  }

  unknown(reason: Message, name: string, site?: Site, more: Partial<UnknownValue> = {}): UnknownValue {
    return {
      kind: 'unknown',
      id: this.id(),
      reason,
      name,
      named: false,
      choices: [],
      roots: [],
      derived: new Map(),
      ...(site && { site }),
      ...more,
    };
  }

  /** What an expression gives that depends on unknowns among `parts`; the message explains it when none of them is one. */
  dependent(site: Site, parts: readonly Value[], otherwise: Message, flag = false): UnknownValue {
    const roots = [...new Set(parts.flatMap((p) => this.rootsOf(p)))];
    const reason = roots.length > 0 ? roots[0]!.reason : otherwise;
    return this.unknown(reason, textOf(site), site, { roots, ...(flag && { flag }) });
  }

  derive(from: UnknownValue, key: string, site?: Site): Value {
    let value = from.derived.get(key);
    if (value === undefined) {
      const name = partName(from.name, key);
      value =
        this.assumption(name, site) ??
        this.unknown(from.reason, name, site, {
          named: key.startsWith('.') && from.named,
          roots: from.roots,
          ...(from.shapeless && { shapeless: true }),
          ...(key.startsWith('(') && from.maybeModule && { maybeModule: true }),
        });
      from.derived.set(key, value);
    }
    return value;
  }

  /** The user's value for a name. */
  assumption(name: string, site?: Site): Value | undefined {
    const last = name.slice(name.lastIndexOf('.') + 1);
    const found = this.assumptions.get(name) ?? (last === name ? undefined : this.assumptions.get(last));
    return found && this.assume(found, name, site);
  }

  /** The user's value for a parameter or name of a class, given as `Class.name`. */
  assumptionFor(className: string, name: string, site?: Site): Value | undefined {
    const found = this.assumptions.get(`${className}.${name}`);
    return found && this.assume(found, name, site);
  }

  private assume(assumed: Assumed, name: string, site?: Site): Value {
    this.assumed.set(name, { ...assumed, name, ...(site && { source: assumed.source ?? refOf(site) }) });
    return { ...plainValue(assumed.value), how: 'assumed' };
  }

  union(options: readonly Value[], on: readonly UnknownValue[]): Value {
    return options.reduce((joined, option) => joinValues(joined, option, on));
  }

  mapUnion(union: UnionValue, each: (option: Value) => Value): Value {
    const present = union.options.filter((o) => o.kind !== 'absent');
    if (!this.spend(present.length))
      return this.unknown(message('The file takes too long to follow.'), 'value');
    const results = present.map(each);
    if (results.length === 0) return this.unknown(message('It is set in no branch.'), 'value');
    if (results.length === 2 && union.flag && union.options.length === 2)
      return joinValues(results[0]!, results[1]!, union.on, true);
    return this.union(results, union.on);
  }

  tensor(shape?: Shape, why?: Message, data?: unknown): TensorValue {
    return {
      kind: 'tensor',
      ...(shape && { shape }),
      ...(why && { why }),
      ...(data !== undefined && { data }),
    };
  }

  object(plugin: string, type: string, site: Site, draft?: LayerDraft, data?: unknown): ObjectValue {
    const made: ObjectValue = {
      kind: 'object',
      id: this.id(),
      type,
      plugin,
      site,
      names: new Map(),
      uses: { calls: [] },
      ...(draft && { draft }),
      data,
    };
    this.journal.birth(made.names);
    this.journal.birth(made.uses);
    this.objects.push(made);
    return made;
  }

  setName(names: Names, name: string, value: Value): void {
    this.journal.touch(names);
    names.set(name, value);
  }

  deleteName(names: Names, name: string): void {
    this.journal.touch(names);
    names.delete(name);
  }

  setItems(list: ListValue, items: readonly Value[]): void {
    this.journal.touch(list.items);
    list.items.length = 0;
    for (const item of items) list.items.push(item);
  }

  use(
    object: ObjectValue,
    inputs: readonly (Shape | undefined)[],
    output: Shape | undefined,
    site: Site,
    extra: { readonly steps?: Dim; readonly batch?: Dim; readonly packed?: boolean } = {},
  ): void {
    if (!this.following) return;
    const shapeless = this.shapeless([...inputs, output]);
    if (shapeless) return this.useUnclear(object, shapeless);
    const call: LayerCall = {
      inputs,
      ...(output && { output }),
      ...extra,
      times: mul(1, ...this.trips),
      source: refOf(site),
    };
    this.journal.touch(object.uses);
    if (object.uses.calls.length < 4096) object.uses.calls.push(call);
  }

  /** Why a shape that was worked out from an unknown shape tells nothing. */
  private shapeless(shapes: readonly (Shape | undefined)[]): Message | undefined {
    for (const shape of shapes) {
      for (const d of shape ?? []) {
        for (const root of this.rootsOfDim(d)) if (root.shapeless) return root.reason;
      }
    }
    return undefined;
  }

  useUnclear(object: ObjectValue, why: Message): void {
    if (!this.following) return;
    this.journal.touch(object.uses);
    object.uses.unclear ??= why;
  }

  useClear(object: ObjectValue): void {
    this.journal.touch(object.uses);
    delete object.uses.unclear;
  }

  problem(problem: Problem): void {
    const key = (p: Problem) =>
      `${p.code}:${p.source.file}:${p.source.range?.start.line ?? ''}:${p.message.text}`;
    if (this.problems.length < 200 && !this.problems.some((p) => key(p) === key(problem)))
      this.problems.push(problem);
  }

  attempt<T>(run: () => T): T {
    this.journal.open();
    try {
      return run();
    } finally {
      this.journal.undo();
      this.journal.close();
    }
  }

  instantiate(cls: ClassValue, args: Arguments, missing?: (param: Param) => Value): Value {
    return instantiate(this, cls, args, missing);
  }

  unconditional(): boolean {
    return this.following && this.trips.length === 0 && this.journal.depth === this.followDepth;
  }

  isModel(cls: ClassValue): boolean {
    return this.basePlugin(cls) !== undefined;
  }

  repeated<T>(count: Dim, run: () => T): T {
    this.trips.push(count);
    try {
      return run();
    } finally {
      this.trips.pop();
    }
  }

  follow<T>(run: () => void, read: () => T): T {
    return this.attempt(() => {
      this.following = true;
      this.followDepth = this.journal.depth;
      this.axes.clear();
      try {
        run();
      } finally {
        this.following = false;
      }
      return read();
    });
  }

  dataFields(cls: ClassValue): readonly Field[] | undefined {
    return dataFieldsOf(cls);
  }

  ref(site: Site): SourceRef {
    return refOf(site);
  }

  textOf(site: Site): string {
    return textOf(site);
  }

  siteOf(value: Value): Site | undefined {
    return (
      value.origin ??
      (value.kind === 'unknown' || value.kind === 'instance' || value.kind === 'object'
        ? value.site
        : undefined)
    );
  }

  keyOf(value: Value): string | undefined {
    return keyOf(value, (key, v) => this.keys.set(key, v));
  }

  valueOfKey(key: string): Value {
    return (
      valueOfKey(key, (k) => this.keys.get(k)) ??
      this.unknown(message('A key that can’t be worked out.'), 'key')
    );
  }

  /** The plug-in that an external name belongs to. */
  pluginFor(name: string): FrameworkPlugin | undefined {
    return this.plugins.find((p) => p.owns(name));
  }

  plugin(id: string): FrameworkPlugin | undefined {
    return this.plugins.find((p) => p.id === id);
  }

  /** The plug-in whose base class a user class derives from. */
  basePlugin(cls: ClassValue): { plugin: FrameworkPlugin; base: string } | undefined {
    for (const base of cls.order) {
      if (base.kind !== 'external') continue;
      const plugin = this.pluginFor(base.name);
      if (plugin?.isBase(base.name)) return { plugin, base: base.name };
    }
    return undefined;
  }

  frameworkOperator(op: string, left: Value, right: Value): Value | undefined {
    for (const side of [left, right]) {
      if (side.kind === 'object') {
        const result = this.plugin(side.plugin)?.operator?.(op, left, right, this);
        if (result) return result;
      }
    }
    for (const plugin of this.plugins) {
      const result = plugin.operator?.(op, left, right, this);
      if (result) return result;
    }
    return undefined;
  }

  binary(op: string, left: Value, right: Value, site: Site): Value {
    return binary(this, op, left, right, site);
  }

  /** What a value is called in a sentence. */
  describe(value: Value): string {
    switch (value.kind) {
      case 'instance':
        return value.cls.name;
      case 'class':
      case 'function':
      case 'builtin':
      case 'module':
      case 'external':
        return value.name;
      case 'unknown':
        return value.name;
      case 'object':
        return value.type;
      case 'method':
        return this.describe(value.fn);
      default:
        return value.kind;
    }
  }

  // --- what the evaluator's own parts need

  builtin(name: string): Value | undefined {
    return builtinNamed(this, name);
  }

  cachedBuiltin(name: string, make: () => Value): Value {
    let value = this.builtins.get(name);
    if (!value) this.builtins.set(name, (value = make()));
    return value;
  }

  defineClass(decl: ClassDef, scope: Scope): Value {
    return defineClass(this, decl, scope);
  }

  defineFunction(decl: FunctionDef, scope: Scope): Value {
    return defineFunction(this, decl, scope);
  }

  runBlock(body: readonly Stmt[], scope: Scope): Completion {
    return runBlock(this, body, scope);
  }

  setItem(object: Value, index: Value, value: Value): void {
    setItemOf(this, object, index, value);
  }

  superOf(owner: ClassValue, self: InstanceValue | ClassValue): Value {
    return { kind: 'super', owner, self };
  }

  ceilQuotient(d: Dim, by: number): Dim {
    return ceilDiv(d, by);
  }

  copied(value: Value): Value {
    return copyOf(this, value);
  }

  mainSite(): Site {
    return { text: this.main.text, from: 0, to: 0 };
  }

  /** Runs with at most `amount` of the fuel that is left; false when that was not enough. */
  withFuel(amount: number, run: () => void): boolean {
    const before = this.fuel;
    this.fuel = Math.min(before, amount);
    const given = this.fuel;
    const lastId = this.lastId;
    this.lastId = Math.min(lastId, this.nextId + Math.max(LEAST_VALUES, amount / FUEL_PER_VALUE));
    run();
    const left = Math.max(0, this.fuel);
    const whole = left > 0 && this.nextId <= this.lastId;
    this.fuel = before - (given - left);
    this.lastId = lastId;
    return whole;
  }

  /** Work was cut short: what is being built may lack layers. */
  ranDry(site: Site): void {
    if (this.constructing.length === 0) return;
    this.gap(message('The file takes too long to follow to the end.'));
    this.problem({
      code: 'python-limit',
      severity: 'info',
      message: message('The code here takes too long to follow; some numbers may be missing.'),
      source: refOf(site),
    });
  }

  raised(site: Site): void {
    this.tie();
    if (this.constructing.length > 0)
      this.gap(
        message(
          'Its constructor raises an exception with these values (line {0}).',
          site.text.lineOf(site.from) + 1,
        ),
      );
  }

  brokenStatement(site: Site): void {
    this.tie();
    if (this.constructing.length > 0)
      this.gap(message('Line {0} is not complete.', site.text.lineOf(site.from) + 1));
  }

  loopUncertain(site: Site): void {
    this.tie();
    if (this.constructing.length > 0)
      this.gap(message('How often the loop in line {0} runs is not known.', site.text.lineOf(site.from) + 1));
  }

  private gap(reason: Message): void {
    const innermost = this.constructing.at(-1);
    if (innermost && !this.gaps.has(innermost)) this.gaps.set(innermost, reason);
  }

  incomplete(instance: InstanceValue, reason: Message): void {
    if (!this.gaps.has(instance)) this.gaps.set(instance, reason);
  }

  constructed(instance: InstanceValue, args: Arguments): void {
    this.madeWith.set(instance, args);
    if (this.constructing.length > 0) this.inside.add(instance);
  }

  private readonly initNames = new WeakMap<InstanceValue, Names[]>();

  initialising(instance: InstanceValue, names: Names): void {
    const frames = this.initNames.get(instance) ?? [];
    this.initNames.set(instance, [...frames, names]);
  }

  initArguments(instance: InstanceValue): readonly Names[] {
    return this.initNames.get(instance) ?? [];
  }

  builtInside(instance: InstanceValue): boolean {
    return this.inside.has(instance);
  }

  callUncalled(wanted: (className: string) => boolean): void {
    callUncalledFunctions(this, wanted);
  }

  noteField(scope: Scope, stmt: Stmt & { type: 'assign' }): void {
    const field = fieldOf(this, scope, stmt);
    if (field) this.fieldLists.at(-1)?.push(field);
  }

  fill(instance: InstanceValue, cls: ClassValue, args: Arguments): Value {
    fillFields(this, instance, cls.fields ?? [], args);
    return { kind: 'none' };
  }

  /**
   * `setattr(object, name, value)` with a name that is not known. The first such value counts by the name as it is written; a second may
   * take its place or stand beside it.
   */
  setUnnamed(object: Value, name: Site, value: Value): void {
    const key = `{${textOf(name)}}`;
    const names = object.kind === 'instance' || object.kind === 'object' ? object.names : undefined;
    if (names?.has(key))
      this.gap(message('The attributes that `{0}` names can’t be told apart.', textOf(name)));
    this.setAttribute(object, key, value);
  }

  setByName(self: InstanceValue, args: Arguments): Value {
    const [name, value] = args.positional.map((a) => a.value);
    if (name?.kind === 'str' && value) this.setName(self.names, name.value, value);
    return { kind: 'none' };
  }

  inheritedUnknown(self: InstanceValue, base: Value, name: string, site: Site): Value {
    const key = `%inherited.${name}`;
    const known = self.names.get(key);
    if (known) return known;
    const reason = message(
      '`{0}` may come from the base class `{1}`, which is not at hand.',
      name,
      this.describe(base),
    );
    const value = this.assumption(name, site) ?? this.unknown(reason, name, site, { named: true });
    self.names.set(key, value);
    return value;
  }

  /** `open(path)`: the plug-in for Python's own library knows what may be read from it. */
  opened(args: Arguments): Value | undefined {
    const plugin = this.plugins.find((p) => p.open !== undefined);
    return plugin?.open?.(args, this);
  }

  /** What is read from a file while the program runs. */
  unread(site: Site): UnknownValue {
    return this.unknown(message('It is read from a file.'), textOf(site), site);
  }

  /** What `with value as x` binds. */
  entered(value: Value, site: Site): Value {
    const method = value.kind === 'instance' ? this.findAttribute(value, '__enter__', site) : undefined;
    return method ? this.call(method, this.plainArguments([], site)) : value;
  }

  /** `list += other` changes the list itself. */
  extendInPlace(target: Value, value: Value, site: Site): boolean {
    if (target.kind === 'list' && !target.set) {
      this.setItems(target, [...target.items, ...spread(this, value, site)]);
      return true;
    }
    if (target.kind !== 'object') return false;
    const extend = this.findAttribute(target, '__iadd__', site);
    if (extend) this.call(extend, this.plainArguments([value], site));
    return extend !== undefined;
  }

  /** A constructor call with the user's values in place of what the source says: by `Class.name` anywhere, by plain name for a model that no other model builds. */
  overridden(instance: InstanceValue, init: FunctionValue, args: Arguments): Arguments {
    const outermost =
      this.constructing.length === 0 || (this.constructing.length === 1 && this.constructing[0] === instance);
    const plain = outermost && this.basePlugin(instance.cls) !== undefined;
    let positional: Argument[] | undefined;
    let keywords: Map<string, Argument> | undefined;
    init.params.forEach((param, i) => {
      if (i === 0 || param.kind === 'args' || param.kind === 'kwargs') return;
      const site: Site = { text: init.scope.module.text, from: param.from, to: param.to };
      const value =
        this.assumptionFor(instance.cls.name, param.name, site) ??
        (plain ? this.assumption(param.name, site) : undefined);
      if (!value) return;
      if (i - 1 < args.positional.length) {
        positional ??= [...args.positional];
        positional[i - 1] = { value, site: args.positional[i - 1]!.site };
      } else {
        keywords ??= new Map(args.keywords);
        keywords.set(param.name, { value, site: args.keywords.get(param.name)?.site ?? args.site });
      }
    });
    return positional || keywords
      ? { ...args, positional: positional ?? args.positional, keywords: keywords ?? args.keywords }
      : args;
  }
}

/** `args.hidden`, `sizes[0]`, `len(vocab)`; names from a star import stand alone. */
function partName(whole: string, key: string): string {
  if (key === '.len()') return `len(${whole})`;
  return whole === '' ? key.replace(/^\./, '') : `${whole}${key}`;
}

function dictTruth(dict: DictValue): boolean | readonly UnknownValue[] {
  const rest = restOfDict(dict);
  if ([...dict.entries.keys()].some((k) => k !== MORE)) return true;
  return rest?.kind === 'unknown' ? [rest] : false;
}

/** A user's value as a Python value. */
export function plainValue(value: AssumableValue): Value {
  if (typeof value === 'boolean') return { kind: 'bool', value };
  if (typeof value === 'string') return { kind: 'str', value };
  return Number.isInteger(value) ? { kind: 'int', dim: constant(value) } : { kind: 'float', value };
}
