import type { Dim, Layer } from '../../model';

/** Every size a layer's fields and calls hold. */
export function layerSizes(layer: Layer): readonly Dim[] {
  const found: Dim[] = [];
  collect(layer, found, 0);
  return found;
}

function collect(value: unknown, into: Dim[], depth: number): void {
  if (typeof value !== 'object' || value === null || depth > 6) return;
  if (isDim(value)) {
    into.push(value);
    return;
  }
  const parts = Array.isArray(value)
    ? (value as unknown[])
    : Object.entries(value)
        .filter(([k]) => k !== 'facts' && k !== 'source')
        .map(([, v]) => v as unknown);
  for (const part of parts) collect(part, into, depth + 1);
}

function isDim(value: object): value is Dim {
  return 'terms' in value && value.terms instanceof Map;
}
