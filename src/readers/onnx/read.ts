import { type Problem, type ReadResult, message } from '../../model';
import { type ByteSource, guarded, pagedSource } from '../bytes';
import type { SavedReaderContext } from '../saved';
import { Building } from './context';
import { ModelDecoder } from './decode';
import { TensorDecoder } from './decode-tensor';
import { GraphWalker } from './walk';
import { WireReader } from './wire';

export const FORMAT = 'onnx';

/**
 * Reads an ONNX model by walking its wire format: structure and shapes are read, weights stay in the file.
 *
 * What is counted: every initialiser of floating-point type and every 8-bit or 4-bit integer one with more than one value; of `Constant` nodes only those that a
 * recognised layer uses as weights. Integers of other types (shapes, axes, indices) are never weights. A constant used twice counts once.
 */
export function readOnnx(source: ByteSource, context: SavedReaderContext): Promise<ReadResult> {
  return guarded(FORMAT, context.file, async () => {
    const wire = new WireReader(pagedSource(source));
    const tensors = new TensorDecoder(wire, context);
    const model = await new ModelDecoder(wire, tensors).model();
    const building = new Building(context.file);
    const walker = new GraphWalker(model, building);
    const problems: Problem[] = [...tensors.missing].map((file) => ({
      code: 'weights-missing',
      severity: 'warning',
      message: message(
        'The weights are kept in {0}, which is not beside the model: sizes are read, values are not.',
        file,
      ),
      source: { file: context.file },
    }));
    for (const layer of walker.fedIn) {
      problems.push({
        code: 'weights-fed-in',
        severity: 'info',
        message: message('The weights of {0} are inputs of the graph, not stored in the file.', layer),
        source: { file: context.file, member: layer },
      });
    }
    return {
      format: FORMAT,
      models: [
        {
          name: model.graph.name || context.file.slice(context.file.lastIndexOf('/') + 1),
          framework: 'onnx',
          source: { file: context.file },
          form: 'saved',
          layers: building.layers,
          unknowns: building.usedUnknowns,
          assumed: [],
        },
      ],
      problems,
    };
  });
}
