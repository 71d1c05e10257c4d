import type { Platform } from '../engine/platform';
import { webWorkerPort } from './worker-port';

/** The extension in a browser. */
export const platform: Platform = { startGradientThread: webWorkerPort };
