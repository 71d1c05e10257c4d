import {
  BATCH,
  type Dim,
  SEQ_LEN,
  type Shape,
  add,
  constant,
  floorDiv,
  message,
  valueOf,
} from '../../../model';
import { isList } from '../spec';
import { type LayerRun, type Site, weightless } from '../site';
import { channelsFirst } from './windows';

const prepared = (site: Site, op: string, output: Shape | undefined) =>
  weightless(site, 'preprocessing', op, output);

/** `TextVectorization`: token numbers, or one value per token of the vocabulary. */
export function textVectorization(site: Site): LayerRun {
  const mode = site.text('output_mode') ?? 'int';
  const batch = site.input?.[0] ?? BATCH;
  if (mode === 'int') {
    const length = site.has('output_sequence_length') ? site.dim('output_sequence_length') : SEQ_LEN;
    return prepared(site, 'text-vectorization', [batch, length]);
  }
  const tokens = vocabularySize(site);
  return prepared(site, 'text-vectorization', tokens && [batch, tokens]);
}

function vocabularySize(site: Site): Dim | undefined {
  if (site.bool('pad_to_max_tokens', false) && site.has('max_tokens')) return site.dim('max_tokens');
  return site.unknown('vocabulary_size', message('the vocabulary of {0} comes from data', site.path));
}

/** `StringLookup`, `IntegerLookup`: numbers of the same shape, or an encoding over the vocabulary. */
export function lookup(op: string): (site: Site) => LayerRun {
  return (site) => {
    const mode = site.text('output_mode') ?? 'int';
    if (mode === 'int') return prepared(site, op, site.input);
    const vocabulary = site.get('vocabulary');
    const oov = site.dimOr('num_oov_indices', 1);
    const tokens = isList(vocabulary) ? add(constant(vocabulary.length), oov) : vocabularySize(site);
    return prepared(site, op, encoded(site.input, tokens, mode));
  };
}

export function categoryEncoding(site: Site): LayerRun {
  return prepared(
    site,
    'encoding',
    encoded(site.input, site.dim('num_tokens'), site.text('output_mode') ?? 'multi_hot'),
  );
}

/** One value per token: in place of a last axis of 1, or behind (one-hot); in place of the last axis (counts). */
function encoded(input: Shape | undefined, tokens: Dim | undefined, mode: string): Shape | undefined {
  if (!input || !tokens) return undefined;
  const last = input.at(-1)!;
  if (mode === 'one_hot') {
    const replace = input.length > 1 && valueOf(last) === 1;
    return [...(replace ? input.slice(0, -1) : input), tokens];
  }
  return input.length > 1 ? [...input.slice(0, -1), tokens] : [...input, tokens];
}

/** `Hashing`, `Discretization`. */
export function binning(op: string): (site: Site) => LayerRun {
  return (site) => {
    const mode = site.text('output_mode') ?? 'int';
    return prepared(site, op, mode === 'int' ? site.input : encoded(site.input, site.dim('num_bins'), mode));
  };
}

/** `Resizing`, `CenterCrop`, `RandomCrop`: fixed height and width. */
export function resizing(site: Site): LayerRun {
  const shape = site.input?.length === 4 ? site.input : undefined;
  const size = [site.dim('height'), site.dim('width')];
  const output =
    shape && (channelsFirst(site) ? [shape[0]!, shape[1]!, ...size] : [shape[0]!, ...size, shape[3]!]);
  return prepared(site, 'resizing', output);
}

/** `MelSpectrogram`. */
export function melSpectrogram(site: Site): LayerRun {
  const samples = site.input?.at(-1);
  const stride = site.dimOr('sequence_stride', 512);
  const frames = samples && floorDiv(add(samples, stride, 1), stride);
  const lead = site.input?.slice(0, -1);
  return prepared(
    site,
    'mel-spectrogram',
    lead && frames && [...lead, site.dimOr('num_mel_bins', 128), frames],
  );
}
