/** Root hooks of the UI suites: pictures of failures, and an end for the windows, the server and the browser. */
import { stopShared } from './shared';
import { openWindows } from './workbench';

afterEach(async function () {
  if (this.currentTest?.state !== 'failed') return;
  const name = this.currentTest.fullTitle().replace(/[^\w]+/g, '-');
  for (const [index, window] of [...openWindows].entries())
    await window.screenshot(`failed-${name}-${index}`);
});

after(async () => {
  for (const window of openWindows) await window.close();
  await stopShared();
});
