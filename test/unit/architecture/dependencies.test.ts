import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const json = <T>(path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as T;

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly integrity?: string;
        readonly resolved?: string;
        readonly dev?: boolean;
        readonly license?: string;
        readonly hasInstallScript?: boolean;
      }
    >
  >;
}

describe('Dependencies', () => {
  const manifest = json<Manifest>('package.json');
  const { packages } = json<Lock>('package-lock.json');
  const installed = Object.entries(packages).filter(([path]) => path !== '');
  const shipped = installed.filter(([, { dev }]) => !dev);

  it('are pinned to one version each', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      assert.match(version, /^\d+\.\d+\.\d+$/, name);
  });

  it('come from the registry, and with a checksum', () => {
    assert.ok(installed.length > 100);
    for (const [path, { resolved, integrity }] of installed) {
      // npm leaves both out for what a registry of its own configuration served; none may name another place.
      if (resolved) assert.match(resolved, /^https:\/\/registry\.npmjs\.org\//, path);
      assert.match(integrity ?? '', /^sha512-/, path);
    }
  });

  it('that are shipped run nothing when they are installed, and have licences that allow it', () => {
    assert.ok(shipped.length > 10);
    for (const [path, { hasInstallScript, license }] of shipped) {
      assert.ok(!hasInstallScript, path);
      assert.match(license ?? '', /^(MIT|ISC|Apache-2\.0|Apache-2\.0 AND MIT|BSD-[23]-Clause|0BSD)$/, path);
    }
  });
});
