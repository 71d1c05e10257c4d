import { type Dim, add, ceilDiv, constant, floorDiv, max, mul, sub, valueOf } from '../../../model';
import type { Site } from '../site';

export type Padding = 'valid' | 'same' | 'causal';

/** Does the layer take channels before space? */
export function channelsFirst(site: Site): boolean {
  const format = site.text('data_format');
  return format === 'channels_first' || format === 'channelsFirst';
}

/** The padding scheme; `valid` is Keras' default for windows. */
export function paddingOf(site: Site): Padding {
  const padding = site.text('padding')?.toLowerCase();
  return padding === 'same' || padding === 'causal' ? padding : 'valid';
}

/** How many places a window of `kernel` has along an axis: TensorFlow's rule. */
export function convLength(length: Dim, kernel: Dim, stride: Dim, dilation: Dim, padding: Padding): Dim {
  if (valueOf(stride) === 0) return length;
  if (padding !== 'valid') return ceilDiv(length, stride);
  const reach = add(mul(sub(kernel, 1), dilation), 1);
  return add(floorDiv(sub(length, reach), stride), 1);
}

/** The length that a transposed convolution gives back. */
export function convTransposeLength(
  length: Dim,
  kernel: Dim,
  stride: Dim,
  dilation: Dim,
  padding: Padding,
  outputPadding: Dim | undefined,
): Dim {
  const reach = add(mul(sub(kernel, 1), dilation), 1);
  if (padding === 'valid') {
    return add(mul(sub(length, 1), stride), reach, outputPadding ?? sub(max(reach, stride), reach));
  }
  if (!outputPadding) return mul(length, stride);
  const odd = valueOf(reach);
  return add(mul(sub(length, 1), stride), constant(odd === undefined ? 1 : odd % 2), outputPadding);
}
