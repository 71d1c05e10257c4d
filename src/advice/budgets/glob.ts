/**
 * Does a path (with `/`) match a glob? `*` and `?` stay inside one folder, `**` crosses folders; a glob without `/` is
 * about the file's name alone. Linear in the path for each star: no backtracking that a hostile glob could blow up.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const parts = glob.includes('/') ? glob.split('/') : ['**', glob];
  return matchParts(
    parts.filter((p, i) => !(p === '' && i === 0)),
    path.split('/').filter((p) => p !== ''),
  );
}

function matchParts(globs: readonly string[], names: readonly string[]): boolean {
  // reachable[j]: the globs read so far can match the first j names.
  let reachable: boolean[] = [true, ...names.map(() => false)];
  for (const glob of globs) {
    const next = reachable.map(() => false);
    if (glob === '**') {
      let any = false;
      reachable.forEach((yes, j) => (next[j] = any ||= yes));
    } else {
      names.forEach((name, j) => (next[j + 1] = reachable[j]! && matchName(glob, name)));
    }
    reachable = next;
  }
  return reachable.at(-1)!;
}

function matchName(glob: string, name: string): boolean {
  let reachable: boolean[] = [true, ...[...name].map(() => false)];
  for (const g of glob) {
    const next = reachable.map(() => false);
    if (g === '*') {
      let any = false;
      reachable.forEach((yes, j) => (next[j] = any ||= yes));
    } else {
      [...name].forEach((c, j) => (next[j + 1] = reachable[j]! && (g === '?' || g === c)));
    }
    reachable = next;
  }
  return reachable.at(-1)!;
}
