import { message, type AssumableValue } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { bool, builtin, tuple } from '../../evaluate/make';
import { NONE, type Arguments, type ObjectValue, type Value } from '../../evaluate/values';

/** What a parser collects: each option's name and default. */
interface Parser {
  readonly options: Map<string, Value>;
}

export function makeParser(args: Arguments, host: Host): Value {
  const data: Parser = { options: new Map() };
  return host.object('standard', 'argparse.ArgumentParser', args.site, undefined, data);
}

export function parserAttribute(parser: ObjectValue, name: string, host: Host): Value | undefined {
  const { options } = parser.data as Parser;
  switch (name) {
    case 'add_argument':
      return builtin(name, (args) => {
        addArgument(options, args, host);
        return NONE;
      });
    case 'add_argument_group':
    case 'add_mutually_exclusive_group':
    case 'add_subparsers':
    case 'add_parser':
      return builtin(name, () => parser);
    case 'set_defaults':
      return builtin(name, (args) => {
        for (const [key, argument] of args.keywords) host.setName(options, key, argument.value);
        return NONE;
      });
    case 'parse_args':
    case 'parse_known_args':
    case 'parse_intermixed_args':
      return builtin(name, (args) => {
        const space = makeNamespace(options, args, host);
        return name === 'parse_known_args' ? tuple([space, { kind: 'list', items: [] }]) : space;
      });
    default:
      return builtin(name, () => NONE);
  }
}

/** A namespace; what it lacks is unknown when options may come from elsewhere, absent otherwise. */
export function makeNamespace(values: ReadonlyMap<string, Value>, args: Arguments, host: Host): ObjectValue {
  const space = host.object('standard', 'argparse.Namespace', args.site);
  for (const [name, value] of values) space.names.set(name, value);
  return space;
}

function addArgument(options: Map<string, Value>, args: Arguments, host: Host): void {
  const flags = args.positional.map((a) => (a.value.kind === 'str' ? a.value.value : ''));
  const keyword = (name: string) => args.keywords.get(name)?.value;
  const dest = keyword('dest');
  const long = flags.find((f) => f.startsWith('--')) ?? flags[0] ?? '';
  const name = dest?.kind === 'str' ? dest.value : long.replace(/^-+/, '').replaceAll('-', '_');
  if (name === '') return;
  const positional = flags.length > 0 && !flags[0]!.startsWith('-');
  const assumed = host.assumption(name, args.site);
  host.setName(options, name, assumed ?? defaultOf(name, positional, args, host));
}

function defaultOf(name: string, positional: boolean, args: Arguments, host: Host): Value {
  const keyword = (key: string) => args.keywords.get(key)?.value;
  const action = keyword('action');
  const required = keyword('required');
  const fallback = keyword('default');
  const choices =
    host
      .items(keyword('choices') ?? NONE)
      ?.flatMap((c): AssumableValue[] => (c.kind === 'str' || c.kind === 'bool' ? [c.value] : [])) ?? [];
  if (fallback)
    return converted(
      { ...fallback, ...(fallback.how === 'literal' && { how: 'default' as const }) },
      keyword('type'),
      args,
      host,
    );
  if (action?.kind === 'str' && action.value === 'store_true')
    return { ...bool(false), how: 'default', origin: args.site };
  if (action?.kind === 'str' && action.value === 'store_false')
    return { ...bool(true), how: 'default', origin: args.site };
  if (!positional && !(required && host.truth(required) === true)) return NONE;
  return host.unknown(message('`{0}` is a command line argument without a default.', name), name, args.site, {
    named: true,
    choices,
  });
}

/** `type=int` makes `"3"` a number; a function of the file's own is called. */
function converted(value: Value, type: Value | undefined, args: Arguments, host: Host): Value {
  if (!type || value.kind !== 'str') return value;
  const result = host.call(type, {
    positional: [{ value, site: args.site }],
    keywords: new Map(),
    site: args.site,
  });
  return result.kind === 'unknown' ? value : result;
}
