/**
 * The reporter of every mocha suite: prints like `spec` (like `dot` with the reporter option `style=dot`) and writes
 * the counts to the file named by RNN_LENS_REPORT, from which scripts/test.mjs adds up its closing line.
 */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

class Reporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const { style } = (options.reporterOptions ?? {}) as { style?: string };
    new Mocha.reporters[style === 'dot' ? 'Dot' : 'Spec'](runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const path = process.env.RNN_LENS_REPORT;
      // A pending test is one that did not run: the suites have none.
      const failed = this.stats.failures + this.stats.pending;
      if (path) writeFileSync(path, JSON.stringify({ passed: this.stats.passes, failed }));
    });
  }
}

// Mocha loads reporters by require().
export = Reporter;
