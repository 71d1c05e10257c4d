import { message } from '../../../../model';
import { textOf } from '../../parse/text';
import type { Host } from '../../evaluate/host';
import type { Interpreter } from '../../evaluate/interpreter';
import { bool, builtin, str } from '../../evaluate/make';
import { NONE, type Arguments, type ObjectValue, type Value } from '../../evaluate/values';

/**
 * Patterns that mean the same in Python and JavaScript and end fast on any text: characters, classes and a few repetitions, no groups.
 * What a hostile file writes must not keep the editor busy.
 */
const PLAIN =
  /^\^?(?:\\[dwsDWS.\\\-_+*?[\]^$]|\[\^?[\w\s.,:\-\\]+\]|[\w\s.,:;/=@#%&!~<>-])(?:\\[dwsDWS.\\\-_+*?[\]^$]|\[\^?[\w\s.,:\-\\]+\]|[\w\s.,:;/=@#%&!~<>+*?-])*\$?$/;
const MAX_REPETITIONS = 3;
const MAX_CHARACTERS = 256;
const MAX_PATTERN = 60;

const PATTERN = 're.Pattern';

/** `re.compile(p)`, `re.match(p, text)`, `re.sub(p, r, text)` with known texts. */
export function regularExpression(I: Interpreter, name: string, args: Arguments): Value | undefined {
  const [pattern, ...rest] = args.positional.map((a) => a.value);
  if (pattern?.kind !== 'str' || args.keywords.size > 0) return undefined;
  const what = name.slice('re.'.length);
  if (what === 'compile')
    return rest.length === 0 && compiled(pattern.value, '')
      ? I.object('standard', PATTERN, args.site, undefined, pattern.value)
      : undefined;
  return applied(what, pattern.value, rest);
}

export function patternAttribute(pattern: ObjectValue, name: string, host: Host): Value {
  return builtin(
    name,
    (args) =>
      applied(
        name,
        pattern.data as string,
        args.positional.map((a) => a.value),
      ) ??
      (host as Interpreter).dependent(
        args.site,
        args.positional.map((a) => a.value),
        message('`{0}` can’t be worked out.', textOf(args.site)),
      ),
  );
}

function applied(what: string, pattern: string, given: readonly Value[]): Value | undefined {
  const texts = given.map((v) =>
    v.kind === 'str' && v.value.length <= MAX_CHARACTERS ? v.value : undefined,
  );
  if (texts.includes(undefined)) return undefined;
  const [first, second] = texts as string[];
  switch (what) {
    case 'match':
    case 'fullmatch':
    case 'search': {
      const source = what === 'search' ? pattern : `^(?:${pattern})${what === 'fullmatch' ? '$' : ''}`;
      const found = texts.length === 1 && compiled(pattern, '') && new RegExp(source).test(first!);
      return found === undefined ? undefined : found ? bool(true) : NONE;
    }
    case 'sub': {
      const replace = texts.length === 2 && !first!.includes('\\') ? compiled(pattern, 'g') : undefined;
      return replace && str(second!.replace(replace, () => first!));
    }
    default:
      return undefined;
  }
}

function compiled(pattern: string, flags: string): RegExp | undefined {
  const repetitions = pattern.match(/[+*?]/g)?.length ?? 0;
  if (pattern.length > MAX_PATTERN || repetitions > MAX_REPETITIONS || !PLAIN.test(pattern)) return undefined;
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}
