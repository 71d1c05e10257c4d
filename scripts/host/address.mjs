/** The address that opens a VS Code window on a folder in a browser. */

/**
 * @typedef {object} WindowOptions
 * @property {string} folder absolute path of the workspace folder
 * @property {string} [extension] absolute path of the extension under development
 * @property {string} [tests] absolute path of the module whose `run()` the extension host shall execute
 */

/**
 * @param {{ origin: string, token: string }} server
 * @param {WindowOptions} options
 */
export function windowAddress({ origin, token }, { folder, extension, tests }) {
  /** @param {string} path */
  const remote = (path) => `vscode-remote://${origin}${path}`;
  /** @type {[string, string][]} */
  const payload = [];
  if (extension !== undefined) payload.push(['extensionDevelopmentPath', remote(extension)]);
  if (tests !== undefined) payload.push(['extensionTestsPath', remote(tests)]);
  const address = new URL(`http://${origin}/`);
  address.searchParams.set('tkn', token);
  address.searchParams.set('folder', folder);
  if (payload.length > 0) address.searchParams.set('payload', JSON.stringify(payload));
  return address.href;
}
