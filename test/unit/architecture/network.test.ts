import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const ROOT = join(__dirname, '../../..');

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : /\.tsx?$/.test(name) ? [path] : [];
  });
}

/** What reaches a network, in Node or a browser. */
const NETWORK =
  /\bfetch\b|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|from '(node:)?(https?|net|tls|dgram|dns|http2)'/;
const files = sources(join(ROOT, 'src'));

describe('What reaches out of the process', () => {
  it('is reached by nothing in src/: the only fetch is the one that replaces it', () => {
    assert.ok(files.length > 300);
    const reaching = files
      .filter((file) => NETWORK.test(readFileSync(file, 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')))
      .map((file) => relative(ROOT, file).replaceAll('\\', '/'));
    assert.deepEqual(reaching, ['src/worker/web.ts']);
  });

  it('programs are started by nothing but Verify with Python, on the user’s word', () => {
    const starting = files
      .filter((file) => /child_process/.test(readFileSync(file, 'utf8')))
      .map((file) => relative(ROOT, file).replaceAll('\\', '/'));
    assert.deepEqual(starting, ['src/node/programs.ts']);
  });

  it('only Verify with Python asks for one', () => {
    const asking = files
      .filter((file) => /\brunProgram\b/.test(strip(readFileSync(file, 'utf8'))))
      .map((file) => relative(ROOT, file).replaceAll('\\', '/'));
    assert.deepEqual(
      asking.filter((file) => file.startsWith('src/editor')),
      ['src/editor/verify/verify-with-python.ts'],
    );
  });

  it('no code is made from text', () => {
    const making = files.filter((file) =>
      /\beval\(|new Function\(|\bvm\b'/.test(strip(readFileSync(file, 'utf8'))),
    );
    assert.deepEqual(making, []);
  });
});

/** Without comments and the texts in quotes, which may speak of it. */
function strip(text: string): string {
  return text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '').replace(/'[^'\n]*'|`[^`]*`/g, "''");
}
