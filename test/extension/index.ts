/**
 * The entry of the tests that run inside a real VS Code: its extension host calls `run()`. The suites are all files
 * `test/extension/**\/*.test.ts`, gathered when this is bundled (scripts/lib/bundle-suites.mjs), so that none can be
 * forgotten on a list.
 */
import Mocha from 'mocha';
import Reporter from '../reporter';

/** Runs every suite; rejects, and with that fails the host's run, when a test failed or none ran. */
export async function run(): Promise<void> {
  // The launcher prints the console from this line on.
  console.log('RNN Lens tests, in the extension host');
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    forbidOnly: true,
    forbidPending: true,
    color: true,
    reporter: Reporter,
    ...(process.env.RNN_LENS_GREP ? { grep: process.env.RNN_LENS_GREP } : {}),
  });
  // What mocha itself does before it loads a file: puts describe() and it() in place.
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, 'suites', mocha);
  await import('suites:extension');
  const runner = await new Promise<Mocha.Runner>((resolve) => {
    const started = mocha.run(() => resolve(started));
  });
  const { tests = 0, failures = 0 } = runner.stats ?? {};
  if (tests === 0) throw new Error('No test ran.');
  if (failures > 0) throw new Error(`${failures} of ${tests} tests failed.`);
}
