import type { Usage } from '../../../model';
import type { TextFile } from '../../types';
import { parseFile } from '../parse';
import { lastOfAxis } from './last-of-axis';
import { lossFacts } from './losses';
import { packedUnsorted } from './packing';
import { stateBatchAxis } from './state-batch-axis';
import { trainingFacts } from './training';

/** What a Python file does with its models, as its syntax says plainly. Never throws; sees nothing in broken code. */
export function readUsage(file: TextFile): readonly Usage[] {
  const parsed = parseFile(file.file, file.text);
  return [lastOfAxis, stateBatchAxis, lossFacts, packedUnsorted, trainingFacts].flatMap((facts) =>
    facts(parsed),
  );
}
