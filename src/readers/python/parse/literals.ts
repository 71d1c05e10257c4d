import type { Expr } from './ast';

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '0': '\0',
};

/** The text between the quotes, with the common escapes resolved; good for names, keys and choices. */
export function stringValue(source: string): string {
  let start = 0;
  while (start < source.length && source[start] !== '"' && source[start] !== "'") start++;
  const raw = /[rR]/.test(source.slice(0, start));
  const quote = source[start] ?? '';
  const long = source.startsWith(quote.repeat(3), start) && source.length >= start + 6;
  const width = long ? 3 : 1;
  const closed = source.endsWith(quote.repeat(width)) && source.length >= start + 2 * width;
  const body = source.slice(start + width, closed ? source.length - width : undefined);
  return raw
    ? body
    : body.replace(/\\(\r?\n|.)/g, (whole, c: string) => (c.endsWith('\n') ? '' : (ESCAPES[c] ?? whole)));
}

/** A number literal; complex numbers are `broken`, as nothing that matters here uses them. */
export function numberLiteral(source: string, from: number, to: number): Expr {
  const text = source.replace(/_/g, '').toLowerCase();
  if (/^(0[xob][0-9a-f]+|\d+)$/.test(text) && text.length < 400) {
    const octal = /^0\d+$/.test(text) && !/^0+$/.test(text);
    try {
      return { type: 'int', value: BigInt(octal ? `0o${text}` : text), from, to };
    } catch {
      return { type: 'broken', from, to };
    }
  }
  const value = Number(text);
  return Number.isNaN(value) ? { type: 'broken', from, to } : { type: 'float', value, from, to };
}
