import type { PyGlobal } from './values';

const MODULES = new Set([
  'os',
  'posix',
  'nt',
  'subprocess',
  'sys',
  'shutil',
  'socket',
  'runpy',
  'pty',
  'importlib',
  'ctypes',
  'code',
  'commands',
  'webbrowser',
  'multiprocessing',
  'threading',
  'signal',
  'pickle',
  '_pickle',
  'marshal',
  'types',
  'urllib',
  'requests',
]);
const BUILTINS = new Set([
  'eval',
  'exec',
  'compile',
  '__import__',
  'open',
  'getattr',
  'setattr',
  'input',
  'breakpoint',
  'globals',
]);

/** Would unpickling this name give the file's author a way to run commands? Only for a warning: this reader runs nothing anyway. */
export function isDangerous(global: PyGlobal): boolean {
  const root = global.module.split('.', 1)[0]!;
  if (root === 'builtins' || root === '__builtin__') return BUILTINS.has(global.name.split('.', 1)[0]!);
  return MODULES.has(root);
}
