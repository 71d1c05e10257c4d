import { parseAllDocuments } from 'yaml';
import type { Interpreter } from '../../evaluate/interpreter';
import { bool, builtin, float, int, str } from '../../evaluate/make';
import { pathOf } from './paths';
import { NONE, type Arguments, type ObjectValue, type Value } from '../../evaluate/values';

/** A config file larger than this is data. */
const MAX_CHARACTERS = 500_000;
const MAX_DEPTH = 40;

/** `open('config.json')`: a file that a parser of the standard library may be given. */
export function openFile(I: Interpreter, args: Arguments): Value | undefined {
  const path = (args.positional[0] ?? args.keywords.get('file'))?.value;
  const text = pathOf(path);
  return text === undefined ? undefined : I.object('standard', 'file', args.site, undefined, { path: text });
}

export function fileAttribute(file: ObjectValue, name: string, I: Interpreter): Value {
  if (name === 'read') return builtin(name, () => file);
  return builtin(name, (args) => (name === 'close' || name === 'write' ? NONE : I.unread(args.site)));
}

/** `json.load(f)`, `yaml.safe_load(f.read())`, `OmegaConf.load('x.yaml')`: the file's content, when it is at hand. */
export function loadConfig(I: Interpreter, name: string, args: Arguments): Value | undefined {
  const source = args.positional[0]?.value;
  const path =
    source?.kind === 'object' && source.type === 'file'
      ? (source.data as { path: string }).path
      : pathOf(source);
  if (path === undefined || (source?.kind === 'str' && !name.endsWith('OmegaConf.load'))) return undefined;
  const text = I.imports.text(path, args.site.text.file);
  if (text === undefined || text.length > MAX_CHARACTERS) return undefined;
  const documents = name.startsWith('json.') ? parseJson(text) : parseYaml(text);
  if (!documents) return undefined;
  const values = documents.map((d) => valueFrom(I, d, 0));
  return name.endsWith('_all') ? { kind: 'list', items: values } : values[0];
}

function parseJson(text: string): unknown[] | undefined {
  try {
    return [JSON.parse(text)];
  } catch {
    return undefined;
  }
}

function parseYaml(text: string): unknown[] | undefined {
  try {
    const documents = parseAllDocuments(text, { logLevel: 'silent' });
    if (!Array.isArray(documents) || documents.some((d) => d.errors.length > 0)) return undefined;
    return documents.map((d) => d.toJS({ maxAliasCount: 100 }) as unknown);
  } catch {
    return undefined;
  }
}

function valueFrom(I: Interpreter, data: unknown, depth: number): Value {
  const read = { how: 'config' } as const;
  if (depth > MAX_DEPTH || !I.spend()) return NONE;
  if (typeof data === 'number') return { ...(Number.isInteger(data) ? int(data) : float(data)), ...read };
  if (typeof data === 'string') return { ...str(data), ...read };
  if (typeof data === 'boolean') return { ...bool(data), ...read };
  if (Array.isArray(data)) return { kind: 'list', items: data.map((item) => valueFrom(I, item, depth + 1)) };
  if (typeof data !== 'object' || data === null) return NONE;
  return {
    kind: 'dict',
    entries: new Map(Object.entries(data).map(([key, item]) => [`s:${key}`, valueFrom(I, item, depth + 1)])),
  };
}
