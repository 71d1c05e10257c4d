import { message, type Fact, type Message } from '../../../model';
import type { Host } from '../evaluate/host';
import type { Argument, Arguments, Value } from '../evaluate/values';
import { textOf } from '../parse/text';

/** A constructor's parameters in positional order: a name, or a name with its default; `*` starts the keyword-only ones. */
export type Signature = readonly (string | readonly [name: string, fallback: Value] | '*')[];

/** The arguments of one call, by parameter name. */
export interface Bound {
  /** The value given, or the default; undefined when it has neither. */
  value(name: string): Value | undefined;
  given(name: string): Argument | undefined;
  /** How the value is written at the call. Undefined for defaults. */
  fact(name: string): Fact | undefined;
  /** Names the signature does not have. */
  readonly extra: ReadonlyMap<string, Argument>;
  /** Why the call can't be right, when it can't. */
  readonly error?: Message;
}

/** Binds arguments as Python does. With an unknown `*args` or `**kwargs` in the call, parameters not given are unknowns of their own. */
export function bind(signature: Signature, args: Arguments, host: Host): Bound {
  const names: string[] = [];
  const positionalNames: string[] = [];
  const fallbacks = new Map<string, Value>();
  let keywordOnly = false;
  for (const entry of signature) {
    if (entry === '*') {
      keywordOnly = true;
      continue;
    }
    const name = typeof entry === 'string' ? entry : entry[0];
    names.push(name);
    if (!keywordOnly) positionalNames.push(name);
    if (typeof entry !== 'string') fallbacks.set(name, entry[1]);
  }
  const given = new Map<string, Argument>();
  let error: Message | undefined;
  args.positional.forEach((argument, i) => {
    const name = positionalNames[i];
    if (name !== undefined) given.set(name, argument);
    else error = message('Too many arguments: at most {0} are taken.', positionalNames.length);
  });
  const extra = new Map<string, Argument>();
  for (const [name, argument] of args.keywords) {
    if (given.has(name)) error = message('`{0}` is given twice.', name);
    else if (names.includes(name)) given.set(name, argument);
    else extra.set(name, argument);
  }
  const value = (name: string): Value | undefined => {
    const argument = given.get(name);
    if (argument) return argument.value;
    if (args.rest) return host.derive(args.rest, `.${name}`, args.site);
    return fallbacks.get(name);
  };
  return {
    value,
    given: (name) => given.get(name),
    fact: (name) => {
      const argument = given.get(name);
      return argument && factOf(argument, host);
    },
    extra,
    ...(error && { error }),
  };
}

export function factOf(argument: Argument, host: Host): Fact {
  const { value, site } = argument;
  return {
    text: textOf(site),
    source: host.ref(site),
    how: value.how ?? (value.kind === 'unknown' ? 'argument' : 'inferred'),
    ...(value.origin && { origin: host.ref(value.origin) }),
  };
}
