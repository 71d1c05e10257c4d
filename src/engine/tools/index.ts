import { compareLayer, compareModel } from '../../compare';
import { isRecurrent } from '../../model';
import { analysisJson } from '../../report/analysis-json';
import { comparisonJson } from '../../report/comparison-json';
import { diagnose } from './diagnose';
import { FILE_PROPERTIES, schema, textIn } from './input';
import { modelsIn, read } from './select';
import { ToolError, type Tool } from './types';

export * from './types';

const analyse: Tool = {
  name: 'rnn-lens_analyse',
  title: 'Analyse a model file',
  description:
    'Reads a Python, JavaScript, notebook or saved model file (PyTorch, Keras and others) without running it and returns every model in it: exact parameter counts in total and by layer, MACs and FLOPs of one forward pass, and which sizes could not be known and why. A number that is null is unknown, never zero.',
  inputSchema: schema(FILE_PROPERTIES),
  async run(input, port) {
    const analysis = await read(input, port);
    return analysisJson([{ ...analysis, models: modelsIn(input, analysis) }]);
  },
};

const compare: Tool = {
  name: 'rnn-lens_compare',
  title: 'Compare LSTM, GRU and SimpleRNN',
  description:
    'Compares each recurrent layer of a model file with the same layer as LSTM, GRU and SimpleRNN: at the same hidden size, with the same number of parameters, and with the same FLOPs. Returns hidden size, parameters, MACs, FLOPs and the difference in per cent to the layer as written.',
  inputSchema: schema({
    ...FILE_PROPERTIES,
    layer: {
      type: 'string',
      description: 'Path of one recurrent layer, such as encoder.rnn. Leave out for all.',
    },
  }),
  async run(input, port) {
    const analysis = await read(input, port);
    const path = textIn(input, 'layer');
    const models = modelsIn(input, analysis);
    const layers = models.flatMap(({ model, workload }) =>
      model.layers
        .filter(isRecurrent)
        .filter((layer) => path === undefined || layer.path === path)
        .map((layer) => ({ model: model.name, layer: compareLayer(layer, model, workload) })),
    );
    if (layers.length === 0)
      throw new ToolError(`${analysis.file} has no recurrent layer${path ? ` at ${path}` : ''}.`);
    const whole = models.map(({ model, workload }) => ({
      model: model.name,
      rows: compareModel(model, workload, analysis.resize?.(model)),
    }));
    return comparisonJson(analysis.file, layers, path === undefined ? whole : []);
  },
};

/** All tools, the same for an editor's assistants and for the MCP server. */
export const TOOLS: readonly Tool[] = [analyse, compare, diagnose];
