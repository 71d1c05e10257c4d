import { strict as assert } from 'node:assert';
import { hunksOf } from '../../../src/edits';

const TEXT = 'one\ntwo\nthree\nfour\n';

function edit(line: number, from: number, to: number, text: string, lastLine = line) {
  return { range: { start: { line, character: from }, end: { line: lastLine, character: to } }, text };
}

describe('Changed lines of an edit', () => {
  it('shows the line before and after', () => {
    assert.deepEqual(hunksOf(TEXT, [edit(1, 0, 3, '2')]), [{ line: 1, removed: ['two'], added: ['2'] }]);
  });

  it('joins edits of one line, and keeps others apart and in order', () => {
    assert.deepEqual(hunksOf(TEXT, [edit(3, 0, 4, '4'), edit(1, 2, 3, '!'), edit(1, 0, 1, 'T')]), [
      { line: 1, removed: ['two'], added: ['Tw!'] },
      { line: 3, removed: ['four'], added: ['4'] },
    ]);
  });

  it('shows inserted lines without the line they follow', () => {
    assert.deepEqual(hunksOf(TEXT, [edit(1, 3, 3, '\n  a\n  b')]), [
      { line: 2, removed: [], added: ['  a', '  b'] },
    ]);
  });

  it('shows deleted lines', () => {
    assert.deepEqual(hunksOf(TEXT, [edit(1, 0, 0, '', 3)]), [
      { line: 1, removed: ['two', 'three'], added: [] },
    ]);
  });
});
