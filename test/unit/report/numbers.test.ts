import assert from 'node:assert/strict';
import {
  formatBytes,
  formatCompact,
  formatCount,
  formatLog10,
  formatPercent,
  formatShare,
} from '../../../src/report/numbers';

describe('numbers', () => {
  it('writes exact counts with thousands separated', () => {
    assert.deepEqual([0, 999, 1000, 13987678, -1234, undefined].map(formatCount), [
      '0',
      '999',
      '1,000',
      '13,987,678',
      '\u22121,234',
      '?',
    ]);
  });
  it('writes compact counts with three significant digits', () => {
    assert.deepEqual(
      [941, 1000, 7_295_600, 13_987_678, 643_200, 999_600, 999_400, 9_996].map(formatCompact),
      ['941', '1.00 k', '7.30 M', '14.0 M', '643 k', '1.00 M', '999 k', '10.0 k'],
    );
  });
  it('writes bytes in binary units', () => {
    assert.deepEqual([0, 512, 55_950_712, 4096].map(formatBytes), ['0 B', '512 B', '53.4 MiB', '4.00 KiB']);
  });
  it('signs differences and leaves a zero unsigned', () => {
    assert.deepEqual([33.21, -0.34, 0.04, -0.04, 1234, undefined].map(formatPercent), [
      '+33.2 %',
      '\u22120.3 %',
      '0.0 %',
      '0.0 %',
      '+1,234 %',
      '?',
    ]);
  });
  it('never rounds a share that is there to nothing', () => {
    assert.deepEqual(
      [formatShare(1, 100_000), formatShare(0, 5), formatShare(643200, 13987678), formatShare(1, 0)],
      ['<0.1 %', '0.0 %', '4.6 %', '?'],
    );
  });
  it('writes values far below what a float holds', () => {
    assert.deepEqual([-120, -0.301, 0, -400.52, -Infinity, 2].map(formatLog10), [
      '1.0e-120',
      '0.5',
      '1',
      '3.0e-401',
      '0',
      '100',
    ]);
  });
});
