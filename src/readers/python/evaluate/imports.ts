import { message } from '../../../model';
import type { FileParses } from '../parse';
import type { Stmt } from '../parse/ast';
import { externalAttribute } from './attributes';
import { siteOf } from './expressions';
import type { Interpreter } from './interpreter';
import { runModule } from './modules';
import { assignName } from './scopes';
import type { ModuleValue, Scope, Value } from './values';

/** How many folders upwards an absolute import is looked for. */
const UPWARDS = 4;
const MAX_MODULES = 40;

/** Resolves imports to files that the caller has given, and names those it would like to have. */
export class Imports {
  private readonly modules = new Map<string, ModuleValue>();
  readonly wanted = new Set<string>();

  constructor(
    private readonly files: ReadonlyMap<string, string | undefined>,
    private readonly parses: FileParses,
  ) {}

  /** The module whose text is already at hand (the file that is read). */
  register(file: string, module: ModuleValue): void {
    this.modules.set(file, module);
  }

  run(I: Interpreter, stmt: Stmt & { type: 'import' | 'from-import' }, scope: Scope): void {
    I.tie();
    const site = siteOf(scope, stmt);
    if (stmt.type === 'import') {
      for (const { name, as } of stmt.names) {
        const parts = name.split('.');
        if (as !== name)
          assignName(
            I,
            scope,
            as,
            this.load(I, scope.module.text.file, 0, name) ?? { kind: 'external', name, site },
          );
        else
          assignName(
            I,
            scope,
            parts[0]!,
            this.load(I, scope.module.text.file, 0, parts[0]!) ?? { kind: 'external', name: parts[0]!, site },
          );
      }
      return;
    }
    const from = this.load(I, scope.module.text.file, stmt.level, stmt.module);
    const outside = `${'.'.repeat(stmt.level)}${stmt.module}`;
    if (stmt.names === '*') {
      this.importAll(I, scope, from, outside);
      return;
    }
    for (const { name, as } of stmt.names) {
      let value: Value | undefined;
      if (from)
        value =
          from.names.get(name) ??
          this.load(I, from.text.file, 1, name) ??
          I.unknown(
            message('`{0}` is imported from `{1}`, which does not define it.', name, outside),
            name,
            site,
            { named: true, maybeModule: /^\p{Lu}/u.test(name) },
          );
      else if (stmt.level > 0 && stmt.module === '')
        value = this.load(I, scope.module.text.file, stmt.level, name);
      value ??= externalAttribute(I, outside, name, site)!;
      assignName(I, scope, as, value);
    }
  }

  /** The module of an import that no file at hand, no framework and no standard library answers; undefined when all are answered. */
  missing(I: Interpreter, stmt: Stmt & { type: 'import' | 'from-import' }, scope: Scope): string | undefined {
    const [level, names] =
      stmt.type === 'import' ? [0, stmt.names.map(({ name }) => name)] : [stmt.level, [stmt.module]];
    return names.find(
      (name) => !isWellKnown(I, level, name) && !this.load(I, scope.module.text.file, level, name),
    );
  }

  private importAll(I: Interpreter, scope: Scope, from: ModuleValue | undefined, outside: string): void {
    if (from) {
      for (const [name, value] of from.names) if (!name.startsWith('_')) I.setName(scope.names, name, value);
      return;
    }
    const plugin = I.pluginFor(`${outside}.x`);
    const names = plugin?.exports?.(outside);
    if (names) {
      for (const name of names)
        if (!scope.names.has(name)) I.setName(scope.names, name, externalAttribute(I, outside, name)!);
    } else if (!STANDARD_STARS.has(outside)) {
      I.setName(
        scope.module.names,
        '%star',
        I.unknown(message('It may come from `{0}`, a file that is not at hand.', outside), '', undefined, {
          named: true,
        }),
      );
    } else {
      for (const name of ['Any', 'List', 'Dict', 'Tuple', 'Optional', 'Union', 'Callable'])
        I.setName(scope.names, name, { kind: 'external', name: `${outside}.${name}` });
    }
  }

  /** A module below a package that was imported: `import pkg; pkg.sub`. */
  submodule(I: Interpreter, module: ModuleValue, name: string): Value | undefined {
    return module.text.file.endsWith('__init__.py') ? this.load(I, module.text.file, 1, name) : undefined;
  }

  moduleOf(file: string): ModuleValue | undefined {
    return this.modules.get(file);
  }

  /** The module that a program loads while it runs: `importlib.import_module('a.b')`. */
  byName(I: Interpreter, dotted: string, importer: string): ModuleValue | undefined {
    const level = /^\.*/.exec(dotted)![0].length;
    return this.load(I, importer, level, dotted.slice(level));
  }

  /** The same by path: `spec_from_file_location('config', 'config.py')`. */
  byPath(I: Interpreter, path: string, importer: string): ModuleValue | undefined {
    const found = path.endsWith('.py') ? this.find(path, importer) : undefined;
    return found && (this.modules.get(found.file) ?? this.execute(I, found.file, found.text, path));
  }

  /** The text of a config file named in the source: beside it, or in the folders above (from where programs are mostly run). */
  text(path: string, importer: string): string | undefined {
    return /\.(json|ya?ml)$/.test(path) ? this.find(path, importer)?.text : undefined;
  }

  private find(path: string, importer: string): { file: string; text: string } | undefined {
    if (path.split('/').includes('..')) return undefined;
    const candidates: string[] = [];
    let base = above(importer);
    // An absolute path counts only near the source: nothing else on the machine is asked for.
    if (path.startsWith('/') && !path.startsWith(within(above(above(base)), ''))) return undefined;
    for (let i = 0; i <= 2; i++) {
      candidates.push(path.startsWith('/') ? path : within(base, path.replace(/^\.\//, '')));
      if (base === '' || base === '/' || path.startsWith('/')) break;
      base = above(base);
    }
    for (const file of candidates) {
      const text = this.files.get(file);
      if (text !== undefined) return { file, text };
    }
    for (const file of candidates) if (!this.files.has(file)) this.wanted.add(file);
    return undefined;
  }

  /** The file behind an import, read and run; undefined when it is not at hand (then its candidates are wanted). */
  private load(I: Interpreter, importer: string, level: number, dotted: string): ModuleValue | undefined {
    if (isWellKnown(I, level, dotted)) return undefined;
    const candidates = candidatesFor(importer, level, dotted);
    for (const file of candidates) {
      const known = this.modules.get(file);
      if (known) return known;
      const text = this.files.get(file);
      if (text !== undefined) return this.execute(I, file, text, dotted);
    }
    if (!candidates.every((c) => this.files.has(c)))
      for (const c of candidates) if (!this.files.has(c)) this.wanted.add(c);
    return undefined;
  }

  private execute(I: Interpreter, file: string, written: string, dotted: string): ModuleValue | undefined {
    if (this.modules.size >= MAX_MODULES || I.exhausted()) return undefined;
    const parsed = this.parses.parse(file, written);
    const module: ModuleValue = {
      kind: 'module',
      name: dotted,
      names: new Map<string, Value>([
        ['__name__', { kind: 'str', value: dotted }],
        ['__file__', { kind: 'str', value: file }],
      ]),
      text: parsed.text,
    };
    this.modules.set(file, module);
    runModule(I, module, parsed.body);
    return module;
  }
}

/** Modules that are not looked for beside the source. */
function isWellKnown(I: Interpreter, level: number, dotted: string): boolean {
  if (level > 0) return false;
  return (
    dotted === '' ||
    I.pluginFor(dotted) !== undefined ||
    I.pluginFor(`${dotted}.x`) !== undefined ||
    STANDARD.has(dotted.split('.')[0]!)
  );
}

/** `a/b.py` and `a/b/__init__.py` for `a.b`, beside the importing file and upwards. */
function candidatesFor(importer: string, level: number, dotted: string): string[] {
  const path = dotted.replaceAll('.', '/');
  const at = (base: string): string[] =>
    path === ''
      ? [within(base, '__init__.py')]
      : [within(base, `${path}.py`), within(base, `${path}/__init__.py`)];
  let base = above(importer);
  if (level > 0) {
    for (let i = 1; i < level; i++) base = above(base);
    return at(base);
  }
  const list: string[] = [];
  for (let i = 0; i <= UPWARDS; i++) {
    list.push(...at(base));
    if (base === '' || base === '/') break;
    base = above(base);
  }
  return list;
}

function within(folder: string, rest: string): string {
  return folder === '' ? rest : folder === '/' ? `/${rest}` : `${folder}/${rest}`;
}

/** The folder a path stands in: `/` for what stands at the root, nothing for a bare name. */
function above(path: string): string {
  const at = path.lastIndexOf('/');
  return at === 0 ? '/' : path.slice(0, Math.max(0, at));
}

const STANDARD_STARS = new Set([
  'builtins',
  'typing',
  'math',
  'abc',
  'collections',
  'dataclasses',
  'enum',
  'functools',
  'os',
  'sys',
  'time',
]);

/** Modules of Python itself and well-known packages that hold no models of the user's. */
const STANDARD = new Set([
  'abc',
  'argparse',
  'ast',
  'asyncio',
  'base64',
  'builtins',
  'collections',
  'contextlib',
  'copy',
  'csv',
  'dataclasses',
  'datetime',
  'enum',
  'functools',
  'gc',
  'glob',
  'gzip',
  'hashlib',
  'heapq',
  'inspect',
  'io',
  'itertools',
  'json',
  'logging',
  'math',
  'multiprocessing',
  'numbers',
  'operator',
  'os',
  'pathlib',
  'pickle',
  'pprint',
  'queue',
  'random',
  're',
  'shutil',
  'signal',
  'socket',
  'statistics',
  'string',
  'struct',
  'subprocess',
  'sys',
  'tempfile',
  'textwrap',
  'threading',
  'time',
  'traceback',
  'types',
  'typing',
  'typing_extensions',
  'unicodedata',
  'unittest',
  'urllib',
  'uuid',
  'warnings',
  'weakref',
  'zipfile',
  '__future__',
  'numpy',
  'scipy',
  'pandas',
  'sklearn',
  'matplotlib',
  'seaborn',
  'PIL',
  'cv2',
  'nltk',
  'spacy',
  'tqdm',
  'wandb',
  'tensorboardX',
  'yaml',
  'requests',
  'gym',
  'gymnasium',
  'h5py',
  'librosa',
  'transformers',
  'datasets',
  'einops',
  'pydantic',
  'attr',
  'attrs',
  'omegaconf',
  'hydra',
  'absl',
  'click',
  'joblib',
  'six',
  'plotly',
]);
