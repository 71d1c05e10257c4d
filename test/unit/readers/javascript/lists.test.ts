import assert from 'node:assert/strict';
import { costModel } from '../../../../src/cost';
import { DEFAULT_WORKLOAD, valueOf } from '../../../../src/model';
import { readJavaScript } from '../../../../src/readers/javascript';

/** The total of `lstm({units: 4, inputShape: [10, SIZE]})` after some lines of code: 4·4·(SIZE + 4 + 1). */
function total(lines: string, size: string): number | undefined {
  const text = `const tf = require('@tensorflow/tfjs');\nconst fs = require('fs');\nconst text = fs.readFileSync('x');\n${lines}\nconst model = tf.sequential();\nmodel.add(tf.layers.lstm({units: 4, inputShape: [10, ${size}]}));\n`;
  const { models } = readJavaScript({ file: '/code/model.js', text }, { assumptions: new Map() });
  const params = costModel(
    models.find((m) => m.name === 'model')!,
    DEFAULT_WORKLOAD,
  ).params;
  return params && valueOf(params.total);
}

describe('TensorFlow.js source: lists', () => {
  const open: readonly (readonly [what: string, lines: string, size: string])[] = [
    [
      'a loop over something unknown fills',
      'const seen = [];\nfor (const c of text) seen.push(c);',
      'seen.length',
    ],
    [
      'a branch of an unknown loop fills',
      'const seen = [];\nfor (let i = 0; i < text.length; i++) if (!seen.includes(text[i])) seen.push(text[i]);',
      'seen.length',
    ],
    [
      'forEach of something unknown fills',
      'const seen = [];\ntext.forEach((c) => seen.push(c));',
      'seen.length',
    ],
    ['are spread from something unknown', 'const chars = new Set(text);', '[...chars].length'],
    [
      'are sorted and not known',
      'const seen = [];\nfor (const c of text) seen.push(c);',
      'seen.sort().length',
    ],
  ];
  for (const [what, lines, size] of open)
    it(`that ${what} have no length`, () => assert.equal(total(lines, size), undefined));

  it('of known strings have one, whatever is done to them', () => {
    const lines =
      "const months = ['January', 'February', 'March'].map((m) => m.slice(0, 3).toUpperCase());\nconst letters = months.join('').split('').sort();";
    assert.equal(total(lines, 'letters.length'), 16 * (9 + 5));
  });

  it('that a loop over a list of unknown length would turn into layers leave the model unknown', () => {
    const text =
      "const tf = require('@tensorflow/tfjs');\nconst sizes = [];\nfor (const s of process.argv) sizes.push(8);\nconst model = tf.sequential();\nmodel.add(tf.layers.lstm({units: 4, inputShape: [10, 2], returnSequences: true}));\nfor (const s of sizes) model.add(tf.layers.lstm({units: s, returnSequences: true}));\n";
    const { models } = readJavaScript({ file: '/code/model.js', text }, { assumptions: new Map() });
    const { params } = costModel(models[0]!, DEFAULT_WORKLOAD);
    assert.equal(params && valueOf(params.total), undefined);
  });
});
