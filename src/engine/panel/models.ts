import type { Model } from '../../model';

/** A name for each model of a file, unique in it: classes may share a name (`Net`, `Net #2`). */
export function modelNames(models: readonly Model[]): readonly string[] {
  const seen = new Map<string, number>();
  return models.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  });
}
