import type { ModelCost } from '../../cost/types';
import type { Analysis } from '../analyse';
import { assumptionsIn, FILE_PROPERTIES, fileIn, textIn, workloadIn } from './input';
import { ToolError, type ToolPort } from './types';

type Input = Readonly<Record<string, unknown>>;

/** Reads what a tool was asked about. */
export function read(input: Input, port: ToolPort): Promise<Analysis> {
  const unknown = Object.keys(input).find((key) => !(key in FILE_PROPERTIES) && key !== 'layer');
  if (unknown !== undefined) throw new ToolError(`There is no argument called ${unknown}.`);
  return port.analyse(fileIn(input), workloadIn(input, port.workload), assumptionsIn(input));
}

/** The models a tool was asked about. */
export function modelsIn(input: Input, analysis: Analysis): readonly ModelCost[] {
  const name = textIn(input, 'model');
  if (name === undefined) return analysis.models;
  const found = analysis.models.filter(({ model }) => model.name === name);
  if (found.length > 0) return found;
  const names = analysis.models.map(({ model }) => model.name).join(', ');
  throw new ToolError(`${analysis.file} has no model called ${name}${names ? `; there are ${names}` : ''}.`);
}
