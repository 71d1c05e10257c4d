import type { Cursor } from '../bytes';
import { malformed } from '../bytes';
import type { Disk } from './disk';

/** What a value is, as far as models need to know. */
export interface DataType {
  readonly kind: 'number' | 'text' | 'variable-text' | 'other';
  /** `float32` …; for numbers that are not read, `unsupported`. */
  readonly dtype: string;
  /** Bytes of one element in the file. */
  readonly size: number;
}

export function readDataType(cursor: Cursor): DataType {
  const head = cursor.u8();
  const bits = cursor.u8();
  cursor.take(2);
  const size = cursor.u32();
  switch (head & 0x0f) {
    case 0: {
      const signed = (bits & 8) !== 0;
      return {
        kind: 'number',
        size,
        dtype: bits & 1 ? 'unsupported' : `${signed ? 'int' : 'uint'}${size * 8}`,
      };
    }
    case 1: {
      cursor.take(5);
      const exponentBits = cursor.u8();
      const name = size === 2 && exponentBits === 8 ? 'bfloat16' : `float${size * 8}`;
      return { kind: 'number', size, dtype: bits & 1 ? 'unsupported' : name };
    }
    case 3:
      return { kind: 'text', size, dtype: 'string' };
    case 8:
      return { kind: 'other', size, dtype: 'bool' };
    case 9:
      return { kind: (bits & 0x0f) === 1 ? 'variable-text' : 'other', size, dtype: 'string' };
    default:
      return { kind: 'other', size, dtype: 'unsupported' };
  }
}

const MAX_RANK = 32;

/** A dataspace's sizes; empty for a scalar. */
export function readDataSpace(disk: Disk, cursor: Cursor): number[] {
  const version = cursor.u8();
  const rank = cursor.u8();
  if (version !== 1 && version !== 2) throw malformed('a dataspace of an unknown version');
  if (rank > MAX_RANK) throw malformed(`a data set of ${rank} axes`);
  cursor.take(version === 1 ? 6 : 2);
  return Array.from({ length: rank }, () => disk.length(cursor));
}
