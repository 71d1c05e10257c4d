import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { cli, FIXTURES } from '../../unit/cli/harness';
import { BUDGET, tried } from '../support/tried';

describe('Arguments of the command line', () => {
  let folder: string;
  const home = process.cwd();
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'rnn-lens-fuzz-'));
    // Where no path is given, this one is meant.
    process.chdir(folder);
    writeFileSync(join(folder, 'empty.py'), '');
    writeFileSync(join(folder, 'binary.py'), Buffer.from([0, 1, 2, 255]));
    writeFileSync(join(folder, 'x.onnx'), 'no model');
    if (process.platform !== 'win32')
      execFileSync('mkfifo', [join(folder, 'pipe.py'), join(folder, 'pipe.onnx')]);
  });
  after(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });

  const words = () => [
    join(FIXTURES, 'tagger.py'),
    join(FIXTURES, 'layers.py'),
    folder,
    ...['empty.py', 'binary.py', 'x.onnx', 'pipe.py', 'pipe.onnx', 'missing.py'].map((name) => join(folder, name)),
    ...['--class', '--assume', '--seq-len', '--batch', '--dtype', '--json', '--layer', '--config', '--format', '--cell'],
    ...['--framework', '--input', '--hidden', '--layers', '--seed', '--help', '--', '-', '--x', '-h', '--json=1', '--seq-len=-1'],
    ...['Tagger', 'lstm', 'pytorch', 'json', 'sarif', 'float16', 'a=1', 'a=', '=1', '__proto__=1', 'vocab=10000'],
    ...['0', '1', '10', '-1', '1e9', '1.5', 'NaN', '99999999999999999999', '', ' ', '\n', '/dev/null', '/dev/zero', '\u202e', '{0}'],
  ]; // prettier-ignore

  it('in any order: an answer, or a line that says what is wrong', async () => {
    const command = fc.constantFrom(
      'analyze',
      'compare',
      'check',
      'gradient',
      'mcp',
      'x',
      '__proto__',
      'constructor',
      '',
    );
    const args = fc
      .array(fc.nat(words().length - 1), { maxLength: 8 })
      .map((at) => at.map((i) => words()[i]!));
    await fc.assert(
      fc.asyncProperty(command, args, async (name, rest) => {
        // Without arguments it would listen to this process's input; sizes that run for long are the worker's to refuse.
        if (name === 'mcp' && rest.length === 0) return;
        if (name === 'gradient') rest = rest.filter((word) => word !== '1e9');
        await tried('Arguments of the CLI', rest.join(' ').length, async () => {
          const { code, out, err } = await cli(name, ...rest);
          assert.ok(code === 0 || code === 1 || code === 2, `code ${code}`);
          if (code === 2) assert.match(err, /^(rnn-lens: [^\n]+\n)+$|^rnn-lens: parameters/);
          // A check that finds nothing says nothing.
          else assert.ok(name === 'check' || out.length > 0);
        });
      }),
      { numRuns: 120 * BUDGET },
    );
  });
});
