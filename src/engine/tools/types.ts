import type { Assumptions, FlowProfile, FlowSpec, RecurrentLayer, Workload } from '../../model';
import type { FlowWeights } from '../../readers/weights/flow-weights';
import type { Analysis } from '../analyse';

/** What the tools need from where they run: an editor, or a terminal. */
export interface ToolPort {
  /** Reads and costs a file. Rejects with {@link ToolError} for a file that may not or cannot be read. */
  analyse(file: string, workload: Workload, assumptions: Assumptions): Promise<Analysis>;
  /** Loads the weights that a saved model stores for a layer; undefined for source. */
  trained(file: string, layer: RecurrentLayer): Promise<FlowWeights | undefined>;
  /** Runs one gradient-flow diagnostic; rejects with {@link ToolError} when it cannot. */
  gradient(spec: FlowSpec, signal: AbortSignal): Promise<FlowProfile>;
  /** The workload where the caller names none. */
  readonly workload: Workload;
}

/** A tool that an assistant can call: its arguments as JSON Schema, its result as plain JSON. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  /** For the model that decides when to call it. */
  readonly description: string;
  readonly inputSchema: JsonSchema;
  run(input: Readonly<Record<string, unknown>>, port: ToolPort, signal: AbortSignal): Promise<object>;
}

export interface JsonSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

/** Arguments or a file that a tool cannot work with; the message goes back to the assistant. */
export class ToolError extends Error {}
