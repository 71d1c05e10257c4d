const NNX_OLD = 'flax.experimental.nnx';

/** Flax nnx alone. */
export function ownsNnx(name: string): boolean {
  return name === 'flax.nnx' || name.startsWith('flax.nnx.') || name.startsWith(NNX_OLD);
}

const ROOTS: ReadonlySet<string> = new Set(['flax', 'jax', 'optax', 'orbax', 'clu', 'tensorflow_datasets']);

/** Flax linen, and what surrounds both: JAX, the optimisers, the training utilities. */
export function ownsLinen(name: string): boolean {
  const root = name.includes('.') ? name.slice(0, name.indexOf('.')) : name;
  return ROOTS.has(root) && !ownsNnx(name);
}

/** `flax.linen.recurrent.LSTMCell` is `flax.linen.LSTMCell`; transforms keep their own name's last part. */
export function canonical(name: string): string {
  const now = name.startsWith(NNX_OLD) ? `flax.nnx${name.slice(NNX_OLD.length)}` : name;
  const parts = now.split('.');
  const inside = parts[0] === 'flax' && (parts[1] === 'linen' || parts[1] === 'nnx') && parts.length > 3;
  const kept = ['initializers', 'activation'].includes(parts[2] ?? '');
  return inside && !kept ? `flax.${parts[1]}.${parts.at(-1)}` : now;
}

/** The class name of a plain class of one of the two libraries. */
export function className(library: 'linen' | 'nnx', name: string): string | undefined {
  const prefix = `flax.${library}.`;
  const last = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^[A-Z]\w*$/.test(last) ? last : undefined;
}
