import { type ReadResult, type SourceRef, message } from '../../model';
import { type ByteSource, MAX_JSON_BYTES, field, guarded, parseLocatedJson, tooLarge } from '../bytes';
import type { SavedReaderContext } from '../saved';
import { buildConfig, frameworkOf, nameOf, savedModel } from './config-model';
import { isTfjs, readTfjsJson } from './tfjs';

export const JSON_FORMAT = 'keras-json';

/** Reads what `model.to_json()` wrote, or a tf.js `model.json`; each layer knows the place in the text that declares it. */
export function readModelJson(source: ByteSource, context: SavedReaderContext): Promise<ReadResult> {
  return guarded(JSON_FORMAT, context.file, async () => {
    if (source.size > MAX_JSON_BYTES) throw tooLarge(context.file, MAX_JSON_BYTES);
    const text = new TextDecoder().decode(await source.read(0, source.size));
    return readModelText(text, context);
  });
}

async function readModelText(text: string, context: SavedReaderContext): Promise<ReadResult> {
  const located = parseLocatedJson(text, context.file);
  const sourceOf = (part: object): SourceRef => {
    const range = located.rangeOf(part);
    return range ? { file: context.file, range } : { file: context.file };
  };
  const json = located.value;
  if (isTfjs(json)) return readTfjsJson(json, sourceOf, context);
  const built = buildConfig(json, frameworkOf(field(json, 'keras_version') ?? '3'), sourceOf);
  if (!built) {
    return {
      format: JSON_FORMAT,
      models: [],
      problems: [
        {
          code: 'not-a-model',
          severity: 'info',
          message: message('Not read, because this JSON describes no Keras or TensorFlow.js model.'),
          source: { file: context.file },
        },
      ],
    };
  }
  const framework = frameworkOf(field(json, 'keras_version') ?? '3');
  const source = sourceOf(json as object);
  const model = savedModel(nameOf(json, context.file), framework, source, built.layers, built.unknowns);
  return { format: JSON_FORMAT, models: [model], problems: built.problems };
}
