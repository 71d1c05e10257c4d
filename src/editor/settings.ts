import { type ConfigurationChangeEvent, type ConfigurationScope, type Uri, workspace } from 'vscode';
import type { AssumableValue, Assumed, Assumptions, NumberType, Workload } from '../model';
import { BYTES_PER_NUMBER, DEFAULT_WORKLOAD, areLengths, withLengths } from '../model';
import { type FlowThresholds, thresholdsFrom } from '../advice';
import { SECTION } from './ids';

/** The settings that decide what is computed. Hand-edited settings may hold anything, so each value is checked. */
export function workloadFor(scope?: ConfigurationScope): Workload {
  const settings = workspace.getConfiguration(SECTION, scope);
  const workload = {
    seqLen: positive(settings.get('sequenceLength'), DEFAULT_WORKLOAD.seqLen),
    batch: positive(settings.get('batchSize'), DEFAULT_WORKLOAD.batch),
    numberType: numberType(settings.get('numberType')),
  };
  const lengths = settings.get<unknown>('sequenceLengths');
  return withLengths(workload, Array.isArray(lengths) && areLengths(lengths) ? lengths : []);
}

function positive(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : otherwise;
}

function numberType(value: unknown): NumberType {
  return typeof value === 'string' && Object.hasOwn(BYTES_PER_NUMBER, value)
    ? (value as NumberType)
    : DEFAULT_WORKLOAD.numberType;
}

/** Values the user gave to unknowns, from `rnnLens.assumedValues`. */
export function assumptionsFor(scope?: ConfigurationScope): Assumptions {
  const assumed = new Map<string, Assumed>();
  for (const [name, value] of Object.entries(assumedValues(scope))) {
    if (isAssumable(value)) assumed.set(name, { name, value, from: 'setting' });
  }
  return assumed;
}

/** `rnnLens.assumedValues` as it stands, whatever it holds. */
export function assumedValues(scope?: ConfigurationScope): Readonly<Record<string, unknown>> {
  const value = workspace.getConfiguration(SECTION, scope).get<unknown>('assumedValues');
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isAssumable(value: unknown): value is AssumableValue {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

/** Where the verdicts on gradient flow change over. */
export function flowThresholdsFor(scope?: ConfigurationScope): FlowThresholds {
  const settings = workspace.getConfiguration(FLOW_SECTION, scope);
  return thresholdsFrom({
    vanishingDecades: settings.get('vanishingDecades'),
    explodingDecades: settings.get('explodingDecades'),
    saturatedShare: settings.get('saturatedShare'),
    horizonDecades: settings.get('horizonDecades'),
  });
}

export const FLOW_SECTION = `${SECTION}.gradientFlow`;

export function affectsThresholds(event: ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration(FLOW_SECTION);
}

export type Feature = 'hover' | 'codeLens' | 'inlayHints' | 'findings';

export function isEnabled(feature: Feature, uri: Uri): boolean {
  return workspace.getConfiguration(SECTION, uri).get<boolean>(`${feature}.enabled`, true);
}

export function affectsNumbers(event: ConfigurationChangeEvent): boolean {
  return ['sequenceLength', 'sequenceLengths', 'batchSize', 'numberType', 'assumedValues'].some((key) =>
    event.affectsConfiguration(`${SECTION}.${key}`),
  );
}
