import { strict as assert } from 'node:assert';
import { joinCells } from '../../../../src/readers/notebook/join-cells';

describe('Notebook cells as one text', () => {
  it('keeps lines in order and knows where each cell starts', () => {
    const { text, firstLines } = joinCells(['a = 1\nb = 2', '', 'c = 3']);
    assert.deepEqual(text.split('\n'), ['a = 1', 'b = 2', '', 'c = 3']);
    assert.deepEqual(firstLines, [0, 2, 3]);
  });

  it('hides what is IPython and not Python, at the same width', () => {
    const { text } = joinCells(['%matplotlib inline\n!pip install torch\n  %time x = 1\n?len\na = b % c']);
    assert.deepEqual(text.split('\n'), [
      '#matplotlib inline',
      '#pip install torch',
      '  #time x = 1',
      '#len',
      'a = b % c',
    ]);
  });

  it('hides cells in another language, but not those that are only timed', () => {
    const [bash, html, timed] = ['%%bash\nls -l', '%%html\n<b>', '%%time\nx = 1'].map(
      (cell) => joinCells([cell]).text,
    );
    for (const hidden of [bash, html])
      assert.ok(
        hidden!.split('\n').every((line) => line.startsWith('#')),
        hidden,
      );
    assert.equal(timed, '#%time\nx = 1');
  });
});
