/** The wasm binaries of tfjs, as paths in the folder of bundles. */
export const WASM_FILES = ['wasm/tfjs-backend-wasm.wasm', 'wasm/tfjs-backend-wasm-simd.wasm'] as const;

/** The first message to the gradient thread in a browser; the calls come after it. */
export interface WebWorkerStart {
  readonly wasm: Readonly<Record<string, Uint8Array>>;
}
