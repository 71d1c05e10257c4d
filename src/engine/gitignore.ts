import { matchesGlob } from '../advice/budgets';

interface Pattern {
  readonly globs: readonly string[];
  readonly negated: boolean;
}

/** What a `.gitignore` file leaves out. Patterns that end in `/` are taken for anything below such a folder. */
export class GitIgnore {
  private readonly patterns: readonly Pattern[];

  constructor(text: string) {
    this.patterns = text.split(/\r?\n/).flatMap(parse);
  }

  /** `path` is relative to the folder of the `.gitignore`, with `/`. The last pattern that matches decides. */
  ignores(path: string): boolean {
    let ignored = false;
    for (const { globs, negated } of this.patterns) {
      if (ignored === negated && globs.some((glob) => matchesGlob(glob, path))) ignored = !negated;
    }
    return ignored;
  }
}

function parse(line: string): Pattern[] {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return [];
  const negated = text.startsWith('!');
  const body = (negated ? text.slice(1) : text).replace(/^\\(?=[#!])/, '');
  const folder = body.endsWith('/');
  const glob = folder ? body.slice(0, -1) : body;
  // A pattern with a slash inside is anchored at the file's folder; one without matches at any depth.
  const anchored = glob.includes('/') ? glob.replace(/^\//, '') : `**/${glob}`;
  // A leading slash keeps a single name from being looked for at any depth.
  const own = `/${anchored}`;
  return [{ globs: folder ? [`${own}/**/*`] : [own, `${own}/**/*`], negated }];
}
