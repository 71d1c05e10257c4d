import {
  type Framework,
  type Layer,
  type Model,
  type Problem,
  type SourceRef,
  type Unknown,
} from '../../model';
import { type Json, field } from '../bytes';
import { Collector, type KerasFramework, buildModel, specFromConfig } from '../keras';

export interface ConfigModel {
  readonly layers: readonly Layer[];
  readonly unknowns: readonly Unknown[];
  readonly problems: readonly Problem[];
}

/** Builds the layers of a saved configuration; undefined when it is none. */
export function buildConfig(
  config: Json,
  framework: KerasFramework,
  sourceOf: (part: object) => SourceRef,
): ConfigModel | undefined {
  const spec = specFromConfig(config, sourceOf);
  if (!spec) return undefined;
  const context = new Collector(framework);
  const { layers } = buildModel(spec, context);
  return { layers, unknowns: [...context.unknowns.values()], problems: context.problems };
}

/** Keras before version 3 built some layers differently; files say which one wrote them. */
export function frameworkOf(version: Json): KerasFramework {
  return typeof version === 'string' && Number.parseInt(version, 10) < 3 ? 'keras2' : 'keras';
}

export function savedModel(
  name: string,
  framework: Framework,
  source: SourceRef,
  layers: readonly Layer[],
  unknowns: readonly Unknown[] = [],
): Model {
  return { name, framework, source, form: 'saved', layers, unknowns, assumed: [] };
}

/** The model's own name, else the file's. */
export function nameOf(config: Json, file: string): string {
  const name = field(field(config, 'config'), 'name');
  return typeof name === 'string' && name !== '' ? name : baseName(file);
}

export function baseName(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
}
