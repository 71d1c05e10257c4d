import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import {
  type Tensor2D,
  enableProdMode,
  env,
  matMul,
  memory,
  ready,
  setBackend,
  tensor2d,
} from '@tensorflow/tfjs-core';

/** A matrix that stays on the right of many products: the backend packs it once. */
export interface Factor {
  readonly rows: number;
  readonly cols: number;
  readonly tensor: Tensor2D;
}

/**
 * Matrix products on tfjs. The sequential part of a recurrent layer is many products with one and the same
 * matrix; everything between them is cheaper in plain loops than as tfjs ops, each of which costs tens of µs.
 * The right-hand matrix must come untransposed: wasm has a fast path for that form only.
 */
export class Products {
  private readonly factors = new Set<Factor>();

  constructor(readonly backend: 'wasm' | 'cpu') {}

  /** The same backend with factors of its own, for a run that may overlap with others. */
  scope(): Products {
    return new Products(this.backend);
  }

  /** Takes a row-major [rows, cols] matrix in; `release` frees it. */
  factor(values: Float32Array, rows: number, cols: number): Factor {
    const factor = { rows, cols, tensor: tensor2d(values, [rows, cols], 'float32') };
    this.factors.add(factor);
    return factor;
  }

  /** `left` [n, factor.rows] times the factor, row-major. */
  times(left: Float32Array, factor: Factor): Float32Array {
    const a = tensor2d(left, [left.length / factor.rows, factor.rows], 'float32');
    const product = matMul(a, factor.tensor);
    const out = product.dataSync<'float32'>();
    a.dispose();
    product.dispose();
    return out;
  }

  /** A product whose right-hand side is used only once: [rows, inner] × [inner, cols]. */
  once(left: Float32Array, right: Float32Array, inner: number, cols: number): Float32Array {
    const tensor = tensor2d(right, [inner, cols], 'float32');
    const out = this.times(left, { rows: inner, cols, tensor });
    tensor.dispose();
    return out;
  }

  /** Frees every factor. */
  release(): void {
    for (const { tensor } of this.factors) tensor.dispose();
    this.factors.clear();
  }

  /** What tfjs holds now. */
  static memory(): { readonly tensors: number; readonly bytes: number } {
    const { numTensors, numBytes } = memory();
    return { tensors: numTensors, bytes: numBytes };
  }
}

/** Starts wasm, or the plain JavaScript backend where wasm cannot start. */
export async function startProducts(wasmFolder: string): Promise<Products> {
  enableProdMode();
  // The threaded binary is not shipped: its threads never switch on under Node, nor in pages that are not isolated.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths(wasmFolder);
  const wasm = await quietly(() => setBackend('wasm'));
  if (!wasm) await setBackend('cpu');
  await ready();
  return new Products(wasm ? 'wasm' : 'cpu');
}

/** tfjs reports a backend that does not start on the console and returns false, or throws: both mean no. */
async function quietly(start: () => Promise<boolean>): Promise<boolean> {
  try {
    return await start();
  } catch {
    return false;
  }
}
