import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { runProgram } from '../../../src/node/programs';

const here = { program: process.execPath, folder: process.cwd(), timeoutMs: 20_000 };
const signal = new AbortController().signal;

describe('Programs', () => {
  it('give what they say and how they ended', async () => {
    const args = ['-e', 'console.log("out"); console.error("err"); process.exitCode = 3'];
    assert.deepEqual(await runProgram({ ...here, args, signal }), {
      ended: 'itself',
      output: 'out\n',
      errors: 'err\n',
      code: 3,
    });
  });

  it('are killed when the time is up, with what they started', async () => {
    const grandchild = 'setInterval(() => {}, 1000)';
    const args = [
      '-e',
      `const c = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: "inherit" }); console.log(c.pid)`,
    ];
    // The grandchild holds the pipes open: this ends only because it is killed as well.
    assert.deepEqual(await runProgram({ ...here, args, timeoutMs: 1500, signal }), { ended: 'time' });
  });

  it('are killed when the user stops them', async () => {
    const stopping = new AbortController();
    const run = runProgram({ ...here, args: ['-e', 'setInterval(() => {}, 1000)'], signal: stopping.signal });
    await wait(300);
    stopping.abort();
    assert.deepEqual(await run, { ended: 'stopped' });
  });

  it('that are not there say so', async () => {
    const ran = await runProgram({ ...here, program: 'no-such-program-here', args: [], signal });
    assert.equal(ran.ended, 'missing');
  });
});
