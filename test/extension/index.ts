/**
 * The entry of the tests that run inside a real VS Code: its extension host calls `run()`. The suites are the files
 * `test/extension/*.test.ts`, which run in both kinds of extension host, and those of `node/` or `web/`, which need the one or
 * the other; all are gathered when this is bundled (scripts/lib/bundle-suites.mjs), so that none can be forgotten on a list.
 */
import Mocha from 'mocha';
import { Uri, workspace } from 'vscode';

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
    reporter: 'spec',
    ...(GREP ? { grep: GREP } : {}),
  });
  // What mocha itself does before it loads a file: puts describe() and it() in place.
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, 'suites', mocha);
  await import('suites:extension');
  const runner = await new Promise<Mocha.Runner>((resolve) => {
    const started = mocha.run(() => resolve(started));
  });
  const { tests = 0, passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
  if (REPORT) await report(REPORT, { passed: passes, failed: failures + pending });
  if (tests === 0) throw new Error('No test ran.');
  if (failures > 0) throw new Error(`${failures} of ${tests} tests failed.`);
}

/** Writes the counts for the test command; a browser's extension host has no other way to a file than the workspace's. */
async function report(path: string, counts: { passed: number; failed: number }): Promise<void> {
  const uri = workspace.workspaceFolders![0]!.uri.with({ path: Uri.file(path).path });
  await workspace.fs.writeFile(uri, new TextEncoder().encode(JSON.stringify(counts)));
}
