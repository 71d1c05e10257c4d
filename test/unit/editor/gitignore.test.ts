import { strict as assert } from 'node:assert';
import { GitIgnore } from '../../../src/engine/gitignore';

describe('.gitignore', () => {
  const ignore = new GitIgnore(
    '# comment\nbuild/\n*.tmp.py\n/data\nsrc/gen/*.py\n!src/gen/keep.py\n\\#odd.py\n',
  );

  for (const [path, expected] of [
    ['build/a.py', true],
    ['x/build/deep/a.py', true],
    ['build.py', false],
    ['a/b.tmp.py', true],
    ['data/a.py', true],
    ['x/data/a.py', false],
    ['src/gen/a.py', true],
    ['src/gen/keep.py', false],
    ['#odd.py', true],
    ['src/a.py', false],
  ] as const) {
    it(`${expected ? 'leaves out' : 'keeps'} ${path}`, () => assert.equal(ignore.ignores(path), expected));
  }
});
