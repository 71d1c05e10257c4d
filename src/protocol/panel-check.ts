import type { FlowStart, Message, NumberType } from '../model';
import { BYTES_PER_NUMBER } from '../model';
import {
  type Check,
  aBoolean,
  aNumber,
  aString,
  anInteger,
  anObject,
  byType,
  either,
  listOf,
  nullable,
  oneOf,
  optional,
} from './check';
import type { Change, FromPage, Goals, Selection, SizingView, WhatIfValues } from './panel';

/** The largest size, step count or batch that a person may type; far above any real one. */
export const MAX_SIZE = 10_000_000;

export const aMessage: Check<Message> = anObject<Message>({
  text: aString,
  args: listOf(either(aString, aNumber)),
});
export const aCell = oneOf('rnn', 'lstm', 'gru');
export const aSizing: Check<SizingView> = oneOf('same-size', 'same-params', 'same-flops');
export const aNumberType = oneOf(...(Object.keys(BYTES_PER_NUMBER) as NumberType[]));
export const anAssumable = either(either(aNumber, aString), aBoolean);
export const aWorkload = anObject({
  seqLen: anInteger(1, MAX_SIZE),
  batch: anInteger(1, MAX_SIZE),
  numberType: aNumberType,
  lengths: optional(listOf(anInteger(1, MAX_SIZE))),
});

export const someWhatIfValues = anObject<WhatIfValues>({
  hiddenSize: anInteger(1, MAX_SIZE),
  numLayers: anInteger(1, 1000),
  bidirectional: aBoolean,
  projSize: anInteger(0, MAX_SIZE),
  seqLen: anInteger(1, MAX_SIZE),
  batch: anInteger(1, MAX_SIZE),
  numberType: aNumberType,
});

export const aSelection = anObject<Selection>({ model: nullable(aString), layer: nullable(aString) });
const aFormat = oneOf('markdown', 'csv', 'json');
const nothing = anObject<object>({});

export const someGoals = anObject<Goals>({
  maxParams: nullable(aNumber),
  trainingSequences: nullable(aNumber),
  target: oneOf('any', 'server', 'mobile', 'microcontroller'),
});

const change = byType<Change>({
  cell: anObject({ type: oneOf('cell'), cell: aCell, sizing: aSizing }),
  'what-if': anObject({ type: oneOf('what-if') }),
  advice: anObject({ type: oneOf('advice'), id: aString }),
});

export const aStart: Check<FlowStart> = either(
  either(
    anObject({ kind: oneOf('forget-bias'), value: aNumber }),
    anObject({ kind: oneOf('chrono'), maxSteps: anInteger(3, MAX_SIZE) }),
  ),
  either(
    anObject({ kind: oneOf('orthogonal'), gain: aNumber }),
    anObject({ kind: oneOf('identity'), scale: aNumber }),
  ),
);
export const aLoss = oneOf('last', 'all');

type Fields<K extends FromPage['type']> = Check<Extract<FromPage, { readonly type: K }>>;

const fromPage = byType<FromPage>({
  ready: nothing as Fields<'ready'>,
  select: anObject({ type: oneOf('select'), selection: aSelection }),
  reveal: anObject({
    type: oneOf('reveal'),
    uri: aString,
    line: anInteger(0, Number.MAX_SAFE_INTEGER),
    character: anInteger(0, Number.MAX_SAFE_INTEGER),
  }),
  assume: anObject({ type: oneOf('assume'), name: aString, value: nullable(anAssumable) }),
  workload: anObject({ type: oneOf('workload'), workload: aWorkload }),
  'what-if': anObject({ type: oneOf('what-if'), values: nullable(someWhatIfValues) }),
  'run-flow': anObject({ type: oneOf('run-flow'), sizing: aSizing }),
  'cancel-flow': nothing as Fields<'cancel-flow'>,
  'choose-flow': anObject({
    type: oneOf('choose-flow'),
    choices: anObject({ loss: aLoss, start: nullable(aStart) }),
  }),
  'choose-input': anObject({ type: oneOf('choose-input'), input: oneOf('noise', 'series') }),
  'show-thresholds': nothing as Fields<'show-thresholds'>,
  'run-probe': anObject({ type: oneOf('run-probe'), task: oneOf('adding', 'copy') }),
  'cancel-probe': nothing as Fields<'cancel-probe'>,
  apply: anObject({ type: oneOf('apply'), change }),
  answer: anObject({ type: oneOf('answer'), id: aNumber, accept: aBoolean }),
  copy: anObject({ type: oneOf('copy'), format: aFormat }),
  save: anObject({ type: oneOf('save'), format: aFormat }),
  'save-chart': anObject({
    type: oneOf('save-chart'),
    name: aString,
    format: oneOf('svg', 'png'),
    data: aString,
  }),
  pin: anObject({ type: oneOf('pin'), what: oneOf('this', 'revision', 'none') }),
  print: anObject({ type: oneOf('print'), html: aString }),
  goals: anObject({ type: oneOf('goals'), goals: someGoals }),
  'open-file': nothing as Fields<'open-file'>,
  drop: anObject({ type: oneOf('drop'), uris: listOf(aString) }),
  failed: anObject({ type: oneOf('failed'), message: aString }),
});

/** What a check says about a value: the value, or what is wrong with it. */
export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly wrong: string };

export function checked<T>(value: unknown, check: Check<T>, name: string): Checked<T> {
  const wrong = check(value, name);
  return wrong === undefined ? { ok: true, value: value as T } : { ok: false, wrong };
}

/** Takes a message from the page apart; whatever the page sends, this does not throw. */
export function checkFromPage(value: unknown): Checked<FromPage> {
  return checked(value, fromPage, 'message');
}
