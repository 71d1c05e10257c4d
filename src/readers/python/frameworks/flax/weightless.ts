import { WEIGHTLESS as TORCH, type Weightless } from '../pytorch/weightless';

/** Classes without weights, in linen and in nnx. */
export const WEIGHTLESS: ReadonlyMap<string, Weightless> = new Map([['Dropout', TORCH.get('Dropout')!]]);
