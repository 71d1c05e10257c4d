import { isKnownClass, knownClasses } from '../../../keras';

/** Packages whose names this plug-in answers for. */
const ROOTS: ReadonlySet<string> = new Set([
  'keras',
  'tf_keras',
  'keras_core',
  'keras_hub',
  'keras_nlp',
  'keras_cv',
  'tensorflow',
  'tensorflow_hub',
  'tensorflow_text',
  'tensorflow_addons',
]);

/** Where Keras 1 and 2 kept their layers before 2020; no later code imports from there. */
const OLD_PLACES: readonly string[] = [
  'keras.layers.recurrent',
  'keras.layers.wrappers',
  'keras.layers.core',
  'keras.layers.convolutional',
  'keras.layers.pooling',
  'keras.layers.normalization.BatchNormalization',
  'keras.layers.embeddings',
  'keras.layers.merge',
  'keras.layers.advanced_activations',
  'keras.layers.noise',
  'keras.layers.local',
  'keras.engine',
  'keras.legacy',
  'keras.utils.np_utils',
  'keras.utils.vis_utils',
  'keras.utils.multi_gpu_model',
  'keras.utils.multi_gpu_utils',
  'keras.backend.tensorflow_backend',
  'keras.utils.training_utils',
  'keras.utils.data_utils',
  'keras.preprocessing.text',
  'keras.layers.CuDNNGRU',
  'keras.layers.CuDNNLSTM',
  'keras.objectives',
];

export function owns(name: string): boolean {
  return ROOTS.has(name.split('.')[0]!);
}

/** Does a name exist only in standalone Keras before 2.4, where a GRU applies its reset gate first? */
export function isOldPlace(name: string): boolean {
  return OLD_PLACES.some((place) => name === place || name.startsWith(`${place}.`));
}

/** One spelling per thing: `tensorflow.keras.layers.LSTM`, `tf.keras.layers.LSTM` are `keras.layers.LSTM`. Old places stay as they are. */
export function canonical(name: string): string {
  if (isOldPlace(name)) return name;
  return plainName(name);
}

/** The one spelling, old places included. */
export function plainName(name: string): string {
  const parts = name.split('.');
  const keras = parts.indexOf('keras');
  const from = parts[0] === 'tf_keras' || parts[0] === 'keras_core' ? 1 : keras >= 0 ? keras + 1 : -1;
  if (from < 0) return name;
  const inside = parts.slice(from);
  const last = inside.at(-1) ?? '';
  if (last === 'Input') return 'keras.Input';
  if (MODELS.has(last)) return `keras.${last}`;
  if (
    inside.length > 1 &&
    (inside.includes('layers') || inside[0] === 'engine') &&
    (isKnownClass(last) || BASES.has(last))
  ) {
    return `keras.layers.${last}`;
  }
  return ['keras', ...inside].join('.');
}

const MODELS: ReadonlySet<string> = new Set(['Model', 'Sequential', 'Functional']);
const BASES: ReadonlySet<string> = new Set(['Layer', 'Wrapper', 'AbstractRNNCell', 'InputSpec']);
const NOT_CONSTRUCTED: ReadonlySet<string> = new Set([
  'Input',
  'Sequential',
  'Model',
  'Functional',
  'Operation',
  'TFOpLambda',
  'SlicingOpLambda',
  'TensorFlowOpLayer',
]);

/** The layer class behind a name, if it is one the builder knows. */
export function layerClass(name: string): string | undefined {
  const plain = plainName(name);
  if (!plain.startsWith('keras.layers.')) return undefined;
  const last = plain.slice('keras.layers.'.length);
  return isKnownClass(last) && !NOT_CONSTRUCTED.has(last) ? last : undefined;
}

/** External classes whose subclasses are models or layers. */
export function isBase(name: string): boolean {
  const plain = plainName(name);
  return (
    plain === 'keras.Model' ||
    plain === 'keras.Sequential' ||
    plain === 'tensorflow.Module' ||
    (plain.startsWith('keras.layers.') && (BASES.has(plain.slice(13)) || layerClass(plain) !== undefined))
  );
}

/** What `from keras.layers import *` brings. */
export function exportsOf(module: string): readonly string[] | undefined {
  const plain = plainName(`${module}.x`);
  if (plain === 'keras.layers.x' || isOldPlace(module))
    return [...knownClasses(), 'Layer', 'Input'].filter((n) => n !== 'Sequential' && n !== 'Model');
  if (plain === 'keras.models.x') return ['Sequential', 'Model', 'load_model', 'model_from_json'];
  return plain === 'keras.x' ? ['Sequential', 'Model', 'Input', 'layers', 'models'] : undefined;
}
