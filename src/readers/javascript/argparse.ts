import { message } from '../../model';
import type { Evaluator } from './evaluator';
import { type NativeValue, type ObjectValue, type Site, UNDEFINED, type Value } from './values';

/** The `argparse` package: parsed arguments have their declared defaults; those without are unknowns with the choices offered. */
export function argparse(E: Evaluator): Value {
  return object({ ArgumentParser: native('ArgumentParser', () => parser(E)) });
}

function object(fields: Readonly<Record<string, Value>>): ObjectValue {
  return { kind: 'object', fields: new Map(Object.entries(fields)), facts: new Map() };
}

function native(name: string, call: NativeValue['call']): NativeValue {
  return { kind: 'native', name, call };
}

function parser(E: Evaluator): ObjectValue {
  const parsed = object({});
  const add = native('addArgument', (args, site) => {
    const options = args.find((a) => a.kind === 'object');
    const flags = args
      .flatMap((a) => (a.kind === 'array' ? a.items : [a]))
      .filter((a) => a.kind === 'string');
    const flag = flags.findLast((f) => f.value.startsWith('--')) ?? flags.at(-1);
    if (!flag) return UNDEFINED;
    const name = withoutDashes(flag.value);
    E.setKey(parsed.fields, name, valueOf(E, name, options?.kind === 'object' ? options : undefined, site));
    return UNDEFINED;
  });
  const parse = native('parseArgs', () => parsed);
  const parseKnown = native('parseKnownArgs', () => ({
    kind: 'array',
    items: [parsed, { kind: 'array', items: [] }],
  }));
  const self: ObjectValue = object({
    addArgument: add,
    add_argument: add,
    parseArgs: parse,
    parse_args: parse,
    parseKnownArgs: parseKnown,
    parse_known_args: parseKnown,
  });
  self.fields.set(
    'addArgumentGroup',
    native('addArgumentGroup', () => self),
  );
  self.fields.set(
    'add_argument_group',
    native('add_argument_group', () => self),
  );
  return self;
}

/** `--latent-dim` is read back as `latent_dim`. */
function withoutDashes(flag: string): string {
  let start = 0;
  while (flag[start] === '-') start++;
  return flag.slice(start).replaceAll('-', '_');
}

function valueOf(E: Evaluator, name: string, options: ObjectValue | undefined, site: Site): Value {
  const given = E.assumptionFor(name, site);
  if (given) return given;
  const fallback = options?.fields.get('defaultValue') ?? options?.fields.get('default');
  if (fallback) return fallback;
  const action = options?.fields.get('action');
  if (action?.kind === 'string' && (action.value === 'storeTrue' || action.value === 'store_true')) {
    return { kind: 'bool', value: false };
  }
  const value = E.unknown(
    name,
    message('`{0}` is given on the command line and has no default.', name),
    site,
  );
  const choices = options?.fields.get('choices') ?? options?.fields.get('optionStrings');
  if (value.kind === 'unknown' && choices?.kind === 'array') {
    for (const c of choices.items) if (c.kind === 'string') value.choices.push(c.value);
  }
  return value;
}
