import { flaxLinen, flaxNnx } from './flax';
import { keras } from './keras';
import { paddle } from './paddle';
import { pytorch } from './pytorch';
import { standard } from './standard';
import type { FrameworkPlugin } from './types';

/** Every framework the Python reader knows, and Python's own library. Names are asked of the first that owns them. */
export const PLUGINS: readonly FrameworkPlugin[] = [keras, pytorch, paddle, flaxNnx, flaxLinen, standard];
