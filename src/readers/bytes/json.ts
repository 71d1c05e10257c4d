import { message } from '../../model';
import { ReadError, malformed, tooLarge } from './error';
import type { ByteSource } from './source';

/** JSON as parsed: `unknown` on purpose, files may hold anything. */
export type Json = unknown;

const MAX_DEPTH = 200;
/** No model description of a real framework comes near. */
export const MAX_JSON_BYTES = 64 * 1024 * 1024;

/**
 * Parses text from a file. Nesting is checked before parsing (JSON.parse itself recurses), and keys named `__proto__` are
 * dropped, so that no later copy of an object can change what objects inherit.
 * @throws ReadError when it is not JSON or is nested too deeply.
 */
export function parseJson(text: string, what: string): Json {
  checkDepth(text, what);
  try {
    return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value)) as Json;
  } catch (error) {
    throw new ReadError(
      'malformed-json',
      message('{0} is not valid JSON: {1}', what, error instanceof Error ? error.message : String(error)),
    );
  }
}

/** Reads a whole source as JSON, at most {@link MAX_JSON_BYTES}. */
export async function readJson(source: ByteSource): Promise<Json> {
  if (source.size > MAX_JSON_BYTES) throw tooLarge(source.name, MAX_JSON_BYTES);
  const bytes = await source.read(0, source.size);
  return parseJson(new TextDecoder().decode(bytes), source.name);
}

function checkDepth(text: string, what: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inString) {
      if (c === 92) i++;
      else if (c === 34) inString = false;
    } else if (c === 34) inString = true;
    else if (c === 91 || c === 123) {
      if (++depth > MAX_DEPTH) throw malformed(`${what}: nested more than ${MAX_DEPTH} deep`);
    } else if (c === 93 || c === 125) depth--;
  }
}

export function isObject(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An object's own property, never an inherited one. */
export function field(value: Json, key: string): Json {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A list of non-negative integers, or undefined. */
export function integers(value: Json): number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((v) => Number.isSafeInteger(v) && (v as number) >= 0) ? (value as number[]) : undefined;
}
