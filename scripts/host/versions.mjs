/**
 * The VS Code that comes out of the npm registry: the package `code-server` holds the whole of VS Code. Its native
 * modules want Node 24, which the registry has as well. Pinned, so that a run today is the run of tomorrow.
 */
export const codeServer = '4.139.1';
/** The version of VS Code inside it. */
export const vscode = '1.139.1';
export const node = '24.21.0';
/** npm of its own: newer ones do not run install scripts, which compile the native modules. */
export const npm = '11.19.1';
