import assert from 'node:assert/strict';
import { parseInitialiser } from '../../../src/model';

describe('names of initialisers', () => {
  it('snake case, class names and PyTorch functions are one', () => {
    const glorot = { kind: 'variance-scaling', scale: 1, mode: 'fan-average', shape: 'uniform' };
    for (const name of ['glorot_uniform', 'GlorotUniform', 'xavier_uniform_', 'nn.init.xavier_uniform_'])
      assert.deepEqual(parseInitialiser(name), glorot, name);
  });

  it('arguments count: by place and by name', () => {
    assert.deepEqual(parseInitialiser('normal_(0, 0.02)'), { kind: 'normal', mean: 0, std: 0.02 });
    assert.deepEqual(parseInitialiser('RandomNormal(stddev=0.1)'), { kind: 'normal', mean: 0, std: 0.1 });
    assert.deepEqual(parseInitialiser('Orthogonal(gain=0.5)'), { kind: 'orthogonal', gain: 0.5 });
    assert.deepEqual(parseInitialiser('constant_(3)'), { kind: 'constant', value: 3 });
  });

  it('variance scaling by its words', () => {
    const glorot = parseInitialiser('glorot_uniform');
    assert.deepEqual(parseInitialiser('VarianceScaling(scale=1,mode=fan_avg,distribution=uniform)'), glorot);
    assert.deepEqual(
      parseInitialiser("VarianceScaling(scale=1, mode='fanAvg', distribution='uniform')"),
      glorot,
    );
    assert.deepEqual(parseInitialiser('lecun_normal'), parseInitialiser('variance_scaling'));
    assert.equal(parseInitialiser('VarianceScaling(mode=fan_sideways)'), undefined);
    assert.equal(parseInitialiser("kaiming_normal_(mode='fan_out')"), undefined);
  });

  it('what is not known stays unknown', () => {
    for (const name of ['my_init', '', 'normal_(0, std)', 'normal_(0', 'toString'])
      assert.equal(parseInitialiser(name), undefined, name);
  });
});
