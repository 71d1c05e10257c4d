import { message } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { spread } from '../../evaluate/expressions';
import type { Interpreter } from '../../evaluate/interpreter';
import { builtin, str, tuple } from '../../evaluate/make';
import { numberOf } from '../../evaluate/operators';
import { NONE, type Arguments, type ModuleValue, type ObjectValue, type Value } from '../../evaluate/values';
import type { FrameworkPlugin } from '../types';
import { fileAttribute, loadConfig, openFile } from './config-files';
import { makeNamespace, makeParser, parserAttribute } from './argparse';
import { mathCall, productOf } from './math';
import { patternAttribute, regularExpression } from './regular-expressions';
import { joinPaths, makePath, pathAttribute, pathOf, pathOperator } from './paths';

const SPEC = 'importlib.machinery.ModuleSpec';

const ROOTS = [
  'argparse',
  'functools',
  'math',
  'collections',
  'types',
  'copy',
  'itertools',
  'operator',
  'numpy',
  'configargparse',
  'os',
  'dataclasses',
  'typing',
  'easydict',
  'ml_collections',
  'addict',
  'omegaconf',
  'yaml',
  'json',
  'enum',
  'inspect',
  'importlib',
  'imp',
  'pathlib',
  're',
];

/** The parts of Python's standard library (and numpy) that model code takes its sizes from. */
export const standard: FrameworkPlugin = {
  id: 'standard',
  framework: 'pytorch',
  owns: (name) => ROOTS.includes(name.includes('.') ? name.slice(0, name.indexOf('.')) : name),
  call: (name, args, host) => call(host as Interpreter, name, args),
  callObject: (object, args, host) =>
    object.type === 'functools.partial' ? callPartial(object, args, host) : undefined,
  attribute: (object, name, host) => (object.kind === 'object' ? attribute(object, name, host) : undefined),
  item: (object, index, host) =>
    object.kind === 'object' && index.kind === 'str'
      ? (object.names.get(index.value) ?? host.attribute(object, index.value, object.site))
      : undefined,
  iterate: () => undefined,
  operator: (op, left, right, host) => pathOperator(host as Interpreter, op, left, right),
  open: (args, host) => openFile(host as Interpreter, args),
  isBase: () => false,
  models: () => [],
};

function attribute(object: ObjectValue, name: string, host: Host): Value | undefined {
  if (object.type === 'argparse.ArgumentParser') return parserAttribute(object, name, host);
  if (object.type === 'file') return fileAttribute(object, name, host as Interpreter);
  if (object.type === 'argparse.Namespace') return namespaceAttribute(object, name, host);
  if (object.type === 'pathlib.Path') {
    if (name === 'open' || name === 'read_text')
      return builtin(
        name,
        (args) =>
          openFile(host as Interpreter, { ...args, positional: [{ value: object, site: args.site }] }) ??
          NONE,
      );
    return pathAttribute(object, name, host as Interpreter);
  }
  // Its loader has nothing left to do: the module was read when the spec was made.
  if (object.type === 're.Pattern') return patternAttribute(object, name, host);
  if (object.type === SPEC) return name === 'loader' ? object : builtin(name, () => NONE);
  if (object.type === 'functools.partial' && name === 'func') return (object.data as Partial).fn;
  return undefined;
}

function namespaceAttribute(space: ObjectValue, name: string, host: Host): Value | undefined {
  const dict = (): Value => ({
    kind: 'dict',
    entries: new Map([...space.names].map(([k, v]) => [`s:${k}`, v])),
  });
  if (name === '__dict__') return dict();
  if (name === '__setitem__') {
    return builtin(name, (args) => {
      const key = args.positional[0]?.value;
      if (key?.kind === 'str') host.setName(space.names, key.value, args.positional[1]?.value ?? NONE);
      return NONE;
    });
  }
  if (['get', 'items', 'keys', 'values', 'pop', 'to_dict'].includes(name)) {
    return name === 'to_dict' ? builtin(name, dict) : host.attribute(dict(), name, space.site);
  }
  if (name === 'update') {
    return builtin(name, (args) => {
      for (const [key, a] of args.keywords) host.setName(space.names, key, a.value);
      const other = args.positional[0]?.value;
      if (other?.kind === 'dict')
        for (const [key, v] of other.entries)
          if (key.startsWith('s:')) host.setName(space.names, key.slice(2), v);
      return NONE;
    });
  }
  return undefined;
}

interface Partial {
  readonly fn: Value;
  readonly args: Arguments;
}

function callPartial(object: ObjectValue, args: Arguments, host: Host): Value {
  const partial = object.data as Partial;
  const rest = args.rest ?? partial.args.rest;
  return host.call(partial.fn, {
    positional: [...partial.args.positional, ...args.positional],
    keywords: new Map([...partial.args.keywords, ...args.keywords]),
    ...(rest && { rest }),
    site: args.site,
  });
}

function call(I: Interpreter, name: string, args: Arguments): Value | undefined {
  const x = args.positional[0]?.value;
  if (
    name.startsWith('math.') ||
    name === 'numpy.prod' ||
    name === 'numpy.floor' ||
    name === 'numpy.ceil' ||
    name === 'numpy.sqrt' ||
    name === 'numpy.log2'
  )
    return mathCall(I, name, args);
  if (name.startsWith('re.')) return regularExpression(I, name, args);
  switch (name) {
    case 'argparse.ArgumentParser':
    case 'configargparse.ArgumentParser':
    case 'configargparse.ArgParser':
      return makeParser(args, I);
    case 'argparse.Namespace':
    case 'types.SimpleNamespace':
    case 'easydict.EasyDict':
    case 'addict.Dict':
    case 'ml_collections.ConfigDict':
    case 'omegaconf.OmegaConf.create':
    case 'omegaconf.DictConfig':
      return namespaceOf(I, args);
    case 'json.load':
    case 'json.loads':
    case 'yaml.load':
    case 'yaml.safe_load':
    case 'yaml.full_load':
    case 'yaml.load_all':
    case 'yaml.safe_load_all':
      return loadConfig(I, name, args);
    case 'omegaconf.OmegaConf.load': {
      const loaded = loadConfig(I, name, args);
      return loaded && namespaceOf(I, I.plainArguments([loaded], args.site));
    }
    case 'importlib.import_module':
      return x?.kind === 'str' ? I.imports.byName(I, x.value, args.site.text.file) : undefined;
    case 'importlib.util.spec_from_file_location':
    case 'imp.load_source': {
      const path = pathOf((args.positional[1] ?? args.keywords.get('location'))?.value);
      const module = path === undefined ? undefined : I.imports.byPath(I, path, args.site.text.file);
      return (
        module &&
        (name === 'imp.load_source' ? module : I.object('standard', SPEC, args.site, undefined, module))
      );
    }
    case 'importlib.util.module_from_spec':
      return x?.kind === 'object' && x.type === SPEC ? (x.data as ModuleValue) : undefined;
    case 'pathlib.Path':
    case 'pathlib.PurePath':
      return makePath(I, args);
    case 'os.path.join': {
      const path = joinPaths(args.positional.map((a) => pathOf(a.value)));
      return path === undefined ? undefined : str(path);
    }
    case 'os.path.dirname':
      return x?.kind === 'str' ? str(x.value.slice(0, Math.max(0, x.value.lastIndexOf('/')))) : undefined;
    case 'os.path.abspath':
    case 'os.path.realpath':
      return x?.kind === 'str' ? x : undefined;
    case 'functools.partial': {
      const [fn, ...positional] = args.positional;
      return (
        fn &&
        I.object('standard', name, args.site, undefined, {
          fn: fn.value,
          args: { ...args, positional },
        } satisfies Partial)
      );
    }
    case 'functools.reduce': {
      const items = I.items(args.positional[1]?.value ?? NONE);
      const start = args.positional[2]?.value;
      const all = items && (start ? [start, ...items] : items);
      return x && all && all.length > 0
        ? all.reduce((a, b) => I.call(x, I.plainArguments([a, b], args.site)))
        : undefined;
    }
    case 'operator.mul':
      return I.binary('*', x ?? NONE, args.positional[1]?.value ?? NONE, args.site);
    case 'operator.add':
      return I.binary('+', x ?? NONE, args.positional[1]?.value ?? NONE, args.site);
    case 'collections.OrderedDict':
      return I.call(I.builtin('dict')!, args);
    case 'collections.defaultdict':
      return { kind: 'dict', entries: new Map(), ...(x && { missing: x }) };
    case 'collections.deque':
      return I.call(I.builtin('list')!, args);
    case 'collections.namedtuple':
      return namedTuple(I, args);
    case 'copy.deepcopy':
    case 'copy.copy':
      return x && I.copied(x);
    case 'itertools.chain': {
      return { kind: 'list', items: args.positional.flatMap((a) => [...spread(I, a.value, a.site)]) };
    }
    case 'itertools.chain.from_iterable':
      return x && { kind: 'list', items: (I.items(x) ?? []).flatMap((v) => [...spread(I, v, args.site)]) };
    case 'itertools.product': {
      const lists = args.positional.map((a) => I.items(a.value));
      if (lists.some((l) => l === undefined)) return undefined;
      return {
        kind: 'list',
        items: lists
          .reduce<Value[][]>((rows, list) => rows.flatMap((row) => list!.map((v) => [...row, v])), [[]])
          .map((row) => tuple(row)),
      };
    }
    case 'itertools.repeat': {
      const n = numberOf(args.positional[1]?.value ?? NONE);
      return x && n !== undefined && n <= 4096
        ? { kind: 'list', items: Array.from({ length: n }, () => x) }
        : undefined;
    }
    case 'itertools.pairwise': {
      const items = x && I.items(x);
      return items && { kind: 'list', items: items.slice(1).map((v, i) => tuple([items[i]!, v])) };
    }
    case 'numpy.array':
    case 'numpy.asarray':
      return x;
    case 'numpy.cumprod':
    case 'numpy.cumsum': {
      let last: Value | undefined;
      const items = x && I.items(x);
      return (
        items && {
          kind: 'list',
          items: items.map(
            (v) => (last = last ? I.binary(name === 'numpy.cumsum' ? '+' : '*', last, v, args.site) : v),
          ),
        }
      );
    }
    case 'numpy.zeros':
    case 'numpy.ones':
    case 'numpy.empty': {
      const dims = x && (I.items(x) ?? [x]).map((v) => I.dim(v));
      return dims?.every((d) => d !== undefined) ? I.tensor(dims) : undefined;
    }
    case 'numpy.max':
      return I.call(I.builtin('max')!, args);
    case 'numpy.sum':
      return x?.kind === 'list' ? I.call(I.builtin('sum')!, args) : undefined;
    case 'enum.auto':
      return I.unknown(message('It is numbered by `enum.auto`.'), 'auto()', args.site);
    default:
      return name === 'numpy.size' && x ? productOf(I, x, args) : undefined;
  }
}

function namespaceOf(I: Interpreter, args: Arguments): Value {
  const values = new Map<string, Value>();
  const source = args.positional[0]?.value;
  if (source?.kind === 'unknown') return source;
  const nested = (value: Value): Value =>
    value.kind === 'dict'
      ? makeNamespace(
          new Map(
            [...value.entries].filter(([k]) => k.startsWith('s:')).map(([k, v]) => [k.slice(2), nested(v)]),
          ),
          args,
          I,
        )
      : value;
  if (source?.kind === 'dict')
    for (const [key, value] of source.entries)
      if (key.startsWith('s:')) values.set(key.slice(2), nested(value));
  for (const [key, argument] of args.keywords) values.set(key, argument.value);
  return makeNamespace(values, args, I);
}

/** `namedtuple('Point', 'x y')`: a constructor of tuples with names. */
function namedTuple(I: Interpreter, args: Arguments): Value | undefined {
  const spec = args.positional[1]?.value;
  const items =
    spec?.kind === 'str'
      ? spec.value.split(/[\s,]+/).filter((n) => n !== '')
      : (spec && I.items(spec))?.map((v) => (v.kind === 'str' ? v.value : ''));
  if (!items) return undefined;
  const defaults = I.items(args.keywords.get('defaults')?.value ?? NONE) ?? [];
  return builtin('namedtuple', (given) => ({
    kind: 'tuple',
    names: items,
    items: items.map(
      (name, i) =>
        (given.positional[i] ?? given.keywords.get(name))?.value ??
        defaults[i - (items.length - defaults.length)] ??
        NONE,
    ),
  }));
}
