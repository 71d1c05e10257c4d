import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { formatMessage } from '../../../../src/model';
import { numericColumns, standardised } from '../../../../src/readers/series';

const read = (text: string) =>
  numericColumns(text).map(({ name, values, end }) => [name, values, end && formatMessage(end)]);

describe('Columns of a CSV file', () => {
  it('are named by the first row, and words are left out', () => {
    assert.deepEqual(read('date,close,volume\n2024-01-02,1.5,10\n2024-01-03,-2e3,+20\n'), [
      ['close', [1.5, -2000], undefined],
      ['volume', [10, 20], undefined],
    ]);
  });

  it('are numbered where every cell of the first row is a number', () => {
    assert.deepEqual(read('1;2\n3;4'), [
      ['1', [1, 3], undefined],
      ['2', [2, 4], undefined],
    ]);
  });

  it('end at the first thing that is no number, and say where', () => {
    assert.deepEqual(read('x\n1\n2\nNaN\n4\n'), [['x', [1, 2], 'row 4 holds “NaN”, which is no number']]);
    assert.deepEqual(read('x,y\n1,2\n3\n'), [
      ['x', [1, 3], undefined],
      ['y', [2], 'row 3 holds “”, which is no number'],
    ]);
    // A decimal comma is not guessed at.
    assert.deepEqual(read('x;y\n1,5;2\n'), [['y', [2], undefined]]);
    for (const word of ['Infinity', '0x10', '1e999', '', '1 000', 'true'])
      assert.deepEqual(read(`x,y\n${word},1`), [['y', [1], undefined]]);
  });

  it('take quotes, tabs, blank lines, a byte order mark and every line end', () => {
    assert.deepEqual(read('\uFEFF"a ""b"", c"\t"d"\r\n"1"\t2\r\n\r\n3\t"4"\r\n'), [
      ['a "b", c', [1, 3], undefined],
      ['d', [2, 4], undefined],
    ]);
    assert.deepEqual(read('x\r1\r2'), [['x', [1, 2], undefined]]);
    assert.deepEqual(read('"a\nb",c\n1,2'), [
      ['a\nb', [1], undefined],
      ['c', [2], undefined],
    ]);
  });

  it('nothing comes of nothing', () => {
    for (const text of ['', '\n', 'words\nonly', '"open', '"']) assert.deepEqual(read(text), []);
  });

  it('come back as they were written, whatever the names', () => {
    const name = fc
      .string({ maxLength: 12 })
      .filter((s) => s.trim() !== '' && s === s.trim() && !/[\r\uFEFF]/.test(s));
    const table = fc
      .uniqueArray(
        name.filter((s) => !/^[-+\d.]/.test(s)),
        { minLength: 1, maxLength: 4 },
      )
      .chain((names) =>
        fc.tuple(
          fc.constant(names),
          fc.array(
            fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), {
              minLength: names.length,
              maxLength: names.length,
            }),
            { minLength: 1, maxLength: 8 },
          ),
        ),
      );
    fc.assert(
      fc.property(table, fc.constantFrom(',', ';', '\t'), ([names, rows], delimiter) => {
        const quoted = names.map((n) => `"${n.replaceAll('"', '""')}"`);
        const text = [quoted, ...rows.map((r) => r.map(String))].map((r) => r.join(delimiter)).join('\n');
        const columns = numericColumns(names.length === 1 ? `${text}\n` : text);
        assert.deepEqual(
          columns.map((c) => c.name),
          names,
        );
        columns.forEach((c, i) =>
          assert.deepEqual(
            c.values,
            rows.map((r) => r[i]! + 0),
          ),
        );
      }),
    );
  });

  it('standardised: mean 0 and deviation 1; a constant is 0', () => {
    assert.deepEqual(standardised([1, 3]), [-1, 1]);
    assert.deepEqual(standardised([5, 5, 5]), [0, 0, 0]);
  });
});
