import { constant, type Dim, type DimLike } from '../../../model';
import type {
  BoolValue,
  BuiltinValue,
  DictValue,
  FloatValue,
  IntValue,
  Names,
  Arguments,
  StrValue,
  TupleValue,
  Value,
} from './values';

export function int(value: DimLike): IntValue {
  return { kind: 'int', dim: typeof value === 'object' ? value : constant(value) };
}

export function float(value: number): FloatValue {
  return { kind: 'float', value };
}

export function quotient(over: Dim, under: Dim): FloatValue {
  return { kind: 'float', quotient: { over, under } };
}

export function bool(value: boolean): BoolValue {
  return { kind: 'bool', value };
}

export function str(value: string): StrValue {
  return { kind: 'str', value };
}

export function tuple(items: readonly Value[]): TupleValue {
  return { kind: 'tuple', items };
}

export function builtin(name: string, call: (args: Arguments) => Value): BuiltinValue {
  return { kind: 'builtin', name, call };
}

/** `object.__dict__`, `vars(object)` */
export function namesAsDict(names: Names): DictValue {
  const shown = [...names].filter(([name]) => !name.startsWith('%'));
  return { kind: 'dict', entries: new Map(shown.map(([k, v]) => [`s:${k}`, v])), of: names };
}
