import { type ReadResult, message } from '../model';
import { type ByteSource, problemOf } from './bytes';
import { isHdf5 } from './hdf5/superblock';
import { readKerasArchive } from './keras-saved/read-archive';
import { readKerasHdf5 } from './keras-saved/read-hdf5';
import { readModelJson } from './keras-saved/read-json';
import { readOnnx } from './onnx/read';
import { readSafetensors } from './safetensors';
import type { SavedReader, SavedReaderContext } from './saved';
import { readTorchCheckpoint } from './torch-checkpoint/read';

/** What takes a file. Source text goes to the source readers; `saved` ones read bytes; `refused` says why nothing does. */
export type ReaderChoice =
  | { readonly kind: 'source'; readonly format: 'python' | 'javascript' | 'notebook' }
  | { readonly kind: 'saved'; readonly format: SavedFormat; readonly read: SavedReader }
  | { readonly kind: 'refused'; readonly format: 'tflite' | 'saved-model' | 'keras-directory' };

/** A JSON file is `keras-json` until it has been read: what it holds (`tfjs-layers`, `tfjs-graph`) is in the result. */
export type SavedFormat =
  'onnx' | 'pytorch-checkpoint' | 'safetensors' | 'keras-json' | 'keras-archive' | 'keras-h5';

const SOURCES: Readonly<Record<string, 'python' | 'javascript' | 'notebook'>> = {
  py: 'python',
  pyi: 'python',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'javascript',
  mts: 'javascript',
  cts: 'javascript',
  tsx: 'javascript',
  ipynb: 'notebook',
};

const READERS: Readonly<Record<SavedFormat, SavedReader>> = {
  onnx: readOnnx,
  'pytorch-checkpoint': readTorchCheckpoint,
  safetensors: readSafetensors,
  'keras-json': readModelJson,
  'keras-archive': readKerasArchive,
  'keras-h5': readKerasHdf5,
};

const EXTENSIONS: Readonly<Record<string, SavedFormat>> = {
  onnx: 'onnx',
  pt: 'pytorch-checkpoint',
  pth: 'pytorch-checkpoint',
  ckpt: 'pytorch-checkpoint',
  bin: 'pytorch-checkpoint',
  safetensors: 'safetensors',
  json: 'keras-json',
  keras: 'keras-archive',
  h5: 'keras-h5',
  hdf5: 'keras-h5',
};

/** File endings of saved models that are binary: for file pickers and editors. */
export const BINARY_MODEL_EXTENSIONS: readonly string[] = Object.keys(EXTENSIONS).filter((e) => e !== 'json');

/** How many of a file's first bytes {@link readerFor} wants to see. */
export const FIRST_BYTES = 1024;

/**
 * Which reader takes a file: by its ending, corrected by its first bytes where those are telling (a `.bin` or `.h5` may hold anything).
 * Undefined for files that are no models. `firstBytes` may be empty when only the name is known.
 */
export function readerFor(name: string, firstBytes: Uint8Array): ReaderChoice | undefined {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).toLowerCase();
  const extension = base.slice(base.lastIndexOf('.') + 1);
  if (Object.hasOwn(SOURCES, extension)) return { kind: 'source', format: SOURCES[extension]! };
  if (base === 'saved_model.pb') return { kind: 'refused', format: 'saved-model' };
  if (base === 'keras_metadata.pb') return { kind: 'refused', format: 'keras-directory' };
  if (extension === 'tflite' || ascii(firstBytes, 4, 4) === 'TFL3')
    return { kind: 'refused', format: 'tflite' };
  const named = Object.hasOwn(EXTENSIONS, extension) ? EXTENSIONS[extension] : undefined;
  const format = formatOf(firstBytes, named);
  return format && { kind: 'saved', format, read: READERS[format] };
}

function formatOf(first: Uint8Array, named: SavedFormat | undefined): SavedFormat | undefined {
  if (named === undefined) return undefined;
  if (isHdf5(first)) return 'keras-h5';
  // Both formats are zips; which one shows in the directory, so the ending decides.
  if (ascii(first, 0, 4) === 'PK\x03\x04') return named === 'keras-archive' ? named : 'pytorch-checkpoint';
  return named;
}

function ascii(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}

/** Reads a saved model of whatever format. Never rejects: what went wrong is among the problems. */
export async function readSavedModel(source: ByteSource, context: SavedReaderContext): Promise<ReadResult> {
  try {
    const first = await source.read(0, Math.min(FIRST_BYTES, source.size));
    const choice = readerFor(source.name, first) ?? readerFor(context.file, first);
    if (choice?.kind === 'saved') return await choice.read(source, context);
    return refusal(choice?.kind === 'refused' ? choice.format : 'unknown', context.file);
  } catch (error) {
    return { format: 'unknown', models: [], problems: [problemOf(error, context.file)] };
  }
}

/** Why a kind of file is not read, and what to do instead. */
export function refusal(
  format: 'tflite' | 'saved-model' | 'keras-directory' | 'unknown',
  file: string,
): ReadResult {
  const text = {
    tflite: message(
      'Not read, because TensorFlow Lite has compiled its layers away: open the model it was converted from (.keras, .h5 or the source).',
    ),
    'saved-model': message(
      'Not read, because a SavedModel holds a compiled graph: save it with model.save("model.keras") and open that file.',
    ),
    'keras-directory': message(
      'Not read, because a SavedModel holds a compiled graph: save it with model.save("model.keras") and open that file.',
    ),
    unknown: message('Not read, because this is not a model file of a kind that is known here.'),
  }[format];
  return {
    format,
    models: [],
    problems: [{ code: 'not-read', severity: 'info', message: text, source: { file } }],
  };
}
