import { type Dim, message, symbolName } from '../../model';
import type { Shapes } from '../keras';
import { NULL, type Value } from './values';

/** A shape as TensorFlow.js gives it: open axes are null. */
export function shapeValue(shape: Shapes[number]): Value {
  if (!shape)
    return {
      kind: 'unknown',
      name: 'shape',
      reason: message('This shape cannot be worked out.'),
      choices: [],
    };
  const open = (d: Dim) => symbolName(d) === '$T' || symbolName(d) === '$B';
  return { kind: 'array', items: shape.map((d): Value => (open(d) ? NULL : { kind: 'number', dim: d })) };
}
