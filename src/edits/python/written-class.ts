import { cellOf, message, type RecurrentLayer } from '../../model';
import { CannotEdit } from '../types';
import type { Call } from './draft';
import { className, familyOf } from './signatures';

/**
 * Throws {@link CannotEdit} unless the call names the layer's own class. `CELLS[kind](…)` may make another kind of cell the next
 * time, for which what is to be written would be wrong.
 */
export function requireClass({ callee }: Call, layer: RecurrentLayer): void {
  const family = familyOf(layer);
  const name = callee.type === 'attribute' ? callee.name : callee.type === 'name' ? callee.id : undefined;
  const expected = family && className(family, cellOf(layer.kind), layer);
  if (name !== expected)
    throw new CannotEdit(message('The class is not written as {0} here.', expected ?? layer.typeName));
}
