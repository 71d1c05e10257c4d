import { type Problem, type ReadResult, message } from '../../model';
import { type ByteSource, type Json, guarded, parseJson } from '../bytes';
import { Hdf5File, type Hdf5Object } from '../hdf5/file';
import type { SavedReaderContext } from '../saved';
import { attachWeights } from './attach';
import { baseName, buildConfig, frameworkOf, nameOf, savedModel } from './config-model';
import { Hdf5Weights } from './hdf5-weights';
import { unitsOf } from './units';
import { layersFromWeights } from './weights-only';

export const HDF5_FORMAT = 'keras-h5';

/**
 * Reads a Keras `.h5`/`.hdf5` file: the configuration from its `model_config` attribute, shapes and places of the weights from its
 * groups. Files with weights alone (`save_weights`) give what the tensors' names and shapes tell.
 */
export function readKerasHdf5(source: ByteSource, context: SavedReaderContext): Promise<ReadResult> {
  return guarded(HDF5_FORMAT, context.file, async () => {
    const file = await Hdf5File.open(source);
    const root = await file.root();
    const text = (await root.attributes.texts('model_config'))?.[0];
    const group = root.links.get('model_weights');
    const weights = await Hdf5Weights.read(
      file,
      group === undefined ? root : await file.object(group),
      context.file,
      0,
    );
    if (text === undefined) return weightsOnly(weights, context);
    const version = await versionOf(root, file, group);
    return withConfig(parseJson(text, 'model_config'), version, weights, context);
  });
}

async function versionOf(root: Hdf5Object, file: Hdf5File, group: number | undefined): Promise<Json> {
  const own = (await root.attributes.texts('keras_version'))?.[0];
  if (own !== undefined || group === undefined) return own;
  return (await (await file.object(group)).attributes.texts('keras_version'))?.[0];
}

function withConfig(
  config: Json,
  version: Json,
  weights: Hdf5Weights,
  context: SavedReaderContext,
): ReadResult {
  const source = { file: context.file, member: 'model_config' };
  // A file that does not name its version was written before Keras named it.
  const framework = frameworkOf(version ?? '2');
  const built = buildConfig(config, framework, () => source);
  if (!built) return weightsOnly(weights, context);
  const attached = attachWeights(built.layers, unitsOf(config), (unit) => weights.of(unit, 'legacy'));
  const model = savedModel(
    nameOf(config, context.file),
    framework,
    { file: context.file },
    attached.layers,
    built.unknowns,
  );
  return {
    format: HDF5_FORMAT,
    models: [model],
    problems: [
      ...built.problems,
      ...weights.problems,
      ...unsettledProblems(attached.unsettled, context.file),
    ],
  };
}

export function weightsOnly(weights: Hdf5Weights, context: SavedReaderContext): ReadResult {
  const layers = layersFromWeights(weights.tensors, context.file);
  const none: Problem = {
    code: 'no-tensors',
    severity: 'info',
    message: message('Not read, because this HDF5 file holds no Keras model and no weights.'),
    source: { file: context.file },
  };
  return {
    format: HDF5_FORMAT,
    models:
      layers.length > 0 ? [savedModel(baseName(context.file), 'keras', { file: context.file }, layers)] : [],
    problems: layers.length > 0 ? weights.problems : [...weights.problems, none],
  };
}

export function unsettledProblems(units: readonly string[], file: string): Problem[] {
  return units.map((unit) => ({
    code: 'weights-not-assigned',
    severity: 'info',
    message: message(
      'Which weights of {0} belong to which of its layers is not clear: its configuration was counted.',
      unit,
    ),
    source: { file, member: unit },
  }));
}
