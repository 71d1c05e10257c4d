/**
 * `npm start -- --check`: opens an example in a VS Code without a window, runs "RNN Lens: Compare Cells" as a user
 * would, saves a picture of what appears and fails when nothing does.
 */
import { relative } from 'node:path';
import { root } from './lib/paths.mjs';
import { stopShared } from '../test/ui/harness/shared';
import { Workbench } from '../test/ui/harness/workbench';

/** What the panel must show to count as rendered. */
const expected = ['LSTM', 'GRU', 'SimpleRNN'];
const renderTimeoutMs = 30_000;

const example = process.argv[2] ?? '';
let window: Workbench | undefined;
let code = 0;
try {
  window = await Workbench.open({ size: { width: 1600, height: 1000 } });
  await window.openFile(relative('examples', example));
  await window.runCommand('RNN Lens: Compare Cells');
  const panel = await window.webviewFrame();
  for (const text of expected) await panel.getByText(text).first().waitFor({ timeout: renderTimeoutMs });
  const picture = await window.screenshot('check');
  console.log(`The comparison panel of ${example} rendered. Picture: ${relative(root, picture)}`);
} catch (error) {
  console.error(
    `The comparison panel did not render: ${error instanceof Error ? error.message : String(error)}`,
  );
  const picture = await window?.screenshot('check-failed');
  if (picture) console.error(`What was there instead: ${relative(root, picture)}`);
  code = 1;
} finally {
  await window?.close();
  await stopShared();
}
process.exit(code);
