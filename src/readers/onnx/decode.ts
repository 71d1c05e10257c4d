import { malformed } from '../bytes';
import type { TensorDecoder } from './decode-tensor';
import type {
  Attribute,
  DeclaredDim,
  Graph,
  LocalFunction,
  Node,
  OnnxModel,
  TensorInfo,
  ValueInfo,
} from './graph';
import type { Span, WireReader } from './wire';

const MAX_DEPTH = 24;
const MAX_LIST = 100_000;

/** Decodes the parts of a ModelProto that describe structure; field numbers are those of onnx.proto3. */
export class ModelDecoder {
  constructor(
    private readonly wire: WireReader,
    private readonly tensors: TensorDecoder,
  ) {}

  /** @throws ReadError when the file is not an ONNX model. */
  async model(): Promise<OnnxModel> {
    let producer = '';
    let graph: Graph | undefined;
    const functions: LocalFunction[] = [];
    for (const f of await this.wire.fields(this.wire.whole)) {
      if (f.number === 2 && f.wire === 2) producer = (await this.wire.text(f.span)).slice(0, 200);
      else if (f.number === 7 && f.wire === 2) graph = await this.graph(f.span, 0);
      else if (f.number === 25 && f.wire === 2) functions.push(await this.localFunction(f.span));
    }
    if (!graph) throw malformed('it holds no ONNX graph');
    return { producer, graph, functions };
  }

  private async graph(span: Span, depth: number): Promise<Graph> {
    if (depth > MAX_DEPTH) throw malformed(`graphs nested more than ${MAX_DEPTH} deep`);
    const nodes: Node[] = [];
    const initialisers: TensorInfo[] = [];
    const sparse: string[] = [];
    const [inputs, outputs, values]: ValueInfo[][] = [[], [], []];
    let name = '';
    for (const f of await this.wire.fields(span)) {
      if (f.wire !== 2) continue;
      if (f.number === 1) nodes.push(await this.node(f.span, depth));
      else if (f.number === 2) name = await this.wire.text(f.span);
      else if (f.number === 5) initialisers.push(await this.tensors.decode(f.span));
      else if (f.number === 11) inputs!.push(await this.valueInfo(f.span));
      else if (f.number === 12) outputs!.push(await this.valueInfo(f.span));
      else if (f.number === 13) values!.push(await this.valueInfo(f.span));
      else if (f.number === 15) sparse.push(await this.sparseName(f.span));
    }
    return { name, nodes, initialisers, sparse, inputs: inputs!, outputs: outputs!, values: values! };
  }

  private async node(span: Span, depth: number): Promise<Node> {
    const inputs: string[] = [];
    const outputs: string[] = [];
    const attributes = new Map<string, Attribute>();
    let [name, opType, domain] = ['', '', ''];
    for (const f of await this.wire.fields(span)) {
      if (f.wire !== 2) continue;
      if (f.number === 1) inputs.push(await this.wire.text(f.span));
      else if (f.number === 2) outputs.push(await this.wire.text(f.span));
      else if (f.number === 3) name = await this.wire.text(f.span);
      else if (f.number === 4) opType = await this.wire.text(f.span);
      else if (f.number === 7) domain = await this.wire.text(f.span);
      else if (f.number === 5) {
        const attribute = await this.attribute(f.span, depth);
        attributes.set(attribute.name, attribute.value);
      }
    }
    return { opType, domain: domain === 'ai.onnx' ? '' : domain, name, inputs, outputs, attributes };
  }

  private async attribute(span: Span, depth: number): Promise<{ name: string; value: Attribute }> {
    const value: { -readonly [K in keyof Attribute]: Attribute[K] } = {};
    const ints: number[] = [];
    const strings: string[] = [];
    let name = '';
    for (const f of await this.wire.fields(span)) {
      if (f.number === 1 && f.wire === 2) name = await this.wire.text(f.span);
      else if (f.number === 2 && f.wire === 5) value.f = await this.wire.float32(f);
      else if (f.number === 3 && f.wire === 0) value.i = f.value;
      else if (f.number === 4 && f.wire === 2) value.s = await this.wire.text(f.span);
      else if (f.number === 5 && f.wire === 2) value.t = await this.tensors.decode(f.span);
      else if (f.number === 6 && f.wire === 2) value.g = await this.graph(f.span, depth + 1);
      else if (f.number === 8) ints.push(...(await this.wire.integers(f, MAX_LIST)));
      else if (f.number === 9 && f.wire === 2) strings.push(await this.wire.text(f.span));
    }
    if (ints.length > 0) value.ints = ints;
    if (strings.length > 0) value.strings = strings;
    return { name, value };
  }

  private async valueInfo(span: Span): Promise<ValueInfo> {
    let name = '';
    let shape: DeclaredDim[] | undefined;
    for (const f of await this.wire.fields(span)) {
      if (f.wire !== 2) continue;
      if (f.number === 1) name = await this.wire.text(f.span);
      else if (f.number === 2) shape = await this.tensorShape(f.span);
    }
    return shape ? { name, shape } : { name };
  }

  /** TypeProto → tensor_type (1) → shape (2) → dim (1) → value (1) or parameter (2). */
  private async tensorShape(span: Span): Promise<DeclaredDim[] | undefined> {
    const tensor = (await this.wire.fields(span)).find((f) => f.number === 1 && f.wire === 2);
    const shape = tensor && (await this.wire.fields(tensor.span)).find((f) => f.number === 2 && f.wire === 2);
    if (!shape) return undefined;
    const dims: DeclaredDim[] = [];
    for (const f of await this.wire.fields(shape.span)) {
      if (f.number !== 1 || f.wire !== 2) continue;
      let dim: DeclaredDim = 'open';
      for (const part of await this.wire.fields(f.span)) {
        if (part.number === 1 && part.wire === 0 && part.value >= 0) dim = { value: part.value };
        if (part.number === 2 && part.wire === 2) {
          const param = await this.wire.text(part.span);
          if (param !== '') dim = { param };
        }
      }
      dims.push(dim);
    }
    return dims;
  }

  private async sparseName(span: Span): Promise<string> {
    const values = (await this.wire.fields(span)).find((f) => f.number === 1 && f.wire === 2);
    return values ? (await this.tensors.decode(values.span)).name : '';
  }

  private async localFunction(span: Span): Promise<LocalFunction> {
    const [inputs, outputs]: string[][] = [[], []];
    const nodes: Node[] = [];
    let [name, domain] = ['', ''];
    for (const f of await this.wire.fields(span)) {
      if (f.wire !== 2) continue;
      if (f.number === 1) name = await this.wire.text(f.span);
      else if (f.number === 4) inputs!.push(await this.wire.text(f.span));
      else if (f.number === 5) outputs!.push(await this.wire.text(f.span));
      else if (f.number === 7) nodes.push(await this.node(f.span, 1));
      else if (f.number === 10) domain = await this.wire.text(f.span);
    }
    return { name, domain, inputs: inputs!, outputs: outputs!, nodes };
  }
}
