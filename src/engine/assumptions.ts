import type { AssumableValue, Assumed, Assumptions } from '../model';

/** Reads `NAME=VALUE` as a person types it; undefined when there is no name or no `=`. */
export function parseAssumption(
  text: string,
): { readonly name: string; readonly value: AssumableValue } | undefined {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0)).trim();
  return name === '' ? undefined : { name, value: parseValue(text.slice(at + 1).trim()) };
}

/** A number, a truth value (Python's or JSON's spelling) or else a string, with or without quotes. */
export function parseValue(text: string): AssumableValue {
  if (text === 'true' || text === 'True') return true;
  if (text === 'false' || text === 'False') return false;
  const number = Number(text.replaceAll('_', ''));
  if (text !== '' && Number.isFinite(number)) return number;
  const quote = text[0];
  const quoted = text.length >= 2 && (quote === '"' || quote === "'") && text.endsWith(quote);
  return quoted ? text.slice(1, -1) : text;
}

/** Later sources win over earlier ones. */
export function assumptionsFrom(
  from: Assumed['from'],
  values: Readonly<Record<string, AssumableValue>>,
  over: Assumptions = new Map(),
): Assumptions {
  const entries = Object.entries(values).map(([name, value]): [string, Assumed] => [
    name,
    { name, value, from },
  ]);
  return new Map([...over, ...entries]);
}
