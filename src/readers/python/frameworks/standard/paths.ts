import type { Interpreter } from '../../evaluate/interpreter';
import { builtin, str } from '../../evaluate/make';
import { type Arguments, type ObjectValue, type Value } from '../../evaluate/values';

const PATH = 'pathlib.Path';

/** The path that a string or a `Path` holds. */
export function pathOf(value: Value | undefined): string | undefined {
  if (value?.kind === 'str') return value.value;
  return value?.kind === 'object' && value.type === PATH ? (value.data as string) : undefined;
}

/** `Path('configs', 'base.yaml')` */
export function makePath(I: Interpreter, args: Arguments): Value | undefined {
  const text = joinPaths(args.positional.map((a) => pathOf(a.value)));
  return text === undefined ? undefined : I.object('standard', PATH, args.site, undefined, text);
}

/** Path parts with slashes between them; an absolute part starts anew. */
export function joinPaths(parts: readonly (string | undefined)[]): string | undefined {
  let path = '';
  for (const part of parts) {
    if (part === undefined) return undefined;
    if (part !== '') path = part.startsWith('/') || path === '' ? part : `${path.replace(/\/$/, '')}/${part}`;
  }
  return path;
}

/** `folder / 'file.yaml'` */
export function pathOperator(I: Interpreter, op: string, left: Value, right: Value): Value | undefined {
  const isPath = (v: Value): v is ObjectValue => v.kind === 'object' && v.type === PATH;
  const self = isPath(left) ? left : isPath(right) ? right : undefined;
  const text = op === '/' && self ? joinPaths([pathOf(left), pathOf(right)]) : undefined;
  return text === undefined ? undefined : I.object('standard', PATH, self!.site, undefined, text);
}

export function pathAttribute(path: ObjectValue, name: string, I: Interpreter): Value | undefined {
  const text = path.data as string;
  const made = (other: string): Value => I.object('standard', PATH, path.site, undefined, other);
  const file = text.slice(text.lastIndexOf('/') + 1);
  const dot = file.lastIndexOf('.');
  switch (name) {
    case '__str__':
      return builtin(name, () => str(text));
    case 'name':
      return str(file);
    case 'suffix':
      return str(dot > 0 ? file.slice(dot) : '');
    case 'stem':
      return str(dot > 0 ? file.slice(0, dot) : file);
    case 'parent':
      return made(text.slice(0, Math.max(0, text.lastIndexOf('/'))));
    case 'resolve':
    case 'absolute':
    case 'expanduser':
      return builtin(name, () => path);
    case 'joinpath':
      return builtin(name, (args) =>
        made(joinPaths([text, ...args.positional.map((a) => pathOf(a.value))]) ?? text),
      );
    default:
      return builtin(name, (args) => I.unread(args.site));
  }
}
