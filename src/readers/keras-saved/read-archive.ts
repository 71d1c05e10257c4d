import { type ReadResult, message } from '../../model';
import {
  type ByteSource,
  ReadError,
  type ZipArchive,
  entryDataOffset,
  field,
  guarded,
  openEntry,
  openZip,
  pagedSource,
  readJson,
} from '../bytes';
import { Hdf5File } from '../hdf5/file';
import type { SavedReaderContext } from '../saved';
import { attachWeights } from './attach';
import { buildConfig, frameworkOf, nameOf, savedModel } from './config-model';
import { Hdf5Weights } from './hdf5-weights';
import { unsettledProblems } from './read-hdf5';
import { unitsOf } from './units';

export const ARCHIVE_FORMAT = 'keras-archive';
const WEIGHTS = 'model.weights.h5';
/** Weights are stored, not deflated, by Keras; deflated ones of this size are still inflated. */
const MAX_INFLATED = 64 * 1024 * 1024;
const MAX_CONFIG = 16 * 1024 * 1024;

/** Reads a Keras 3 `.keras` archive: `config.json`, and the weights' shapes from the HDF5 file inside, read in place. */
export function readKerasArchive(source: ByteSource, context: SavedReaderContext): Promise<ReadResult> {
  return guarded(ARCHIVE_FORMAT, context.file, async () => {
    const zip = await openZip(pagedSource(source));
    const configEntry = zip.entries.get('config.json');
    if (!configEntry) {
      throw new ReadError(
        'not-a-model',
        message('Not read, because the archive holds no {0}: it is not a Keras model.', 'config.json'),
      );
    }
    const config = await readJson(await openEntry(zip, configEntry, MAX_CONFIG));
    const metadata = zip.entries.get('metadata.json');
    const version = metadata
      ? field(await readJson(await openEntry(zip, metadata, MAX_CONFIG)), 'keras_version')
      : '3';
    const framework = frameworkOf(version);
    const place = { file: context.file, member: 'config.json' };
    const built = buildConfig(config, framework, () => place);
    if (!built) {
      throw new ReadError(
        'not-a-model',
        message('Not read, because {0} describes no Keras model.', 'config.json'),
      );
    }
    const weights = await openWeights(zip, context);
    const attached = weights
      ? attachWeights(built.layers, unitsOf(config), (unit) => weights.of(unit, 'keras3'))
      : { layers: built.layers, unsettled: [] };
    return {
      format: ARCHIVE_FORMAT,
      models: [
        savedModel(
          nameOf(config, context.file),
          framework,
          { file: context.file },
          attached.layers,
          built.unknowns,
        ),
      ],
      problems: [
        ...built.problems,
        ...(weights?.problems ?? []),
        ...unsettledProblems(attached.unsettled, context.file),
      ],
    };
  });
}

async function openWeights(zip: ZipArchive, context: SavedReaderContext): Promise<Hdf5Weights | undefined> {
  const entry = zip.entries.get(WEIGHTS);
  if (!entry) return undefined;
  const file = await Hdf5File.open(await openEntry(zip, entry, MAX_INFLATED));
  // Only values of a stored entry have a place in the archive itself.
  const base = entry.method === 0 ? await entryDataOffset(zip, entry) : undefined;
  return Hdf5Weights.read(file, await file.root(), context.file, base);
}
