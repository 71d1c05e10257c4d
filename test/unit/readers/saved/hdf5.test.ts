import assert from 'node:assert/strict';
import { Hdf5File } from '../../../../src/readers/hdf5/file';
import { fixture, fixtureJson } from './support';

const shapes = fixtureJson<Record<string, Record<string, number[]>>>('hdf5/counts.json');

describe('HDF5 structure', () => {
  for (const [name, expected] of Object.entries(shapes)) {
    it(`reads the shapes of ${name} as h5py does`, async () => {
      const file = await Hdf5File.open(await fixture(`hdf5/${name}`));
      const found = await file.dataSets(await file.root());
      assert.deepEqual(
        Object.fromEntries([...found].map(([path, set]) => [path, set.shape]).sort()),
        Object.fromEntries(Object.entries(expected).sort()),
      );
      assert.equal(found.get('half')?.dtype, 'float16');
      assert.equal(found.get('chunked')?.place, undefined);
      assert.equal(found.get('never_written')?.place, undefined);
      assert.equal(found.get('group003/kernel')?.place?.length, 32);
    });

    it(`reads the attributes of ${name}`, async () => {
      const { attributes } = await (await Hdf5File.open(await fixture(`hdf5/${name}`))).root();
      assert.deepEqual(await attributes.texts('names'), ['abc', 'defgh']);
      assert.deepEqual(await attributes.texts('note7'), ['xxxxxxx']);
      assert.equal((await attributes.texts('long'))?.[0]?.length, 70000);
      assert.equal(await attributes.texts('nothing'), undefined);
    });
  }
});
