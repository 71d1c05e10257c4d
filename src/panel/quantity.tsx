import type { Message } from '../model';
import type { Quantity } from '../protocol/panel';
import { formatBytes, formatCompact, formatCount } from '../report/numbers';
import { say, t } from './text';

export type Unit = 'count' | 'compact' | 'bytes';

export function formatValue(value: number, unit: Unit): string {
  return unit === 'bytes'
    ? formatBytes(value)
    : unit === 'compact'
      ? formatCompact(value)
      : formatCount(value);
}

/** A number; where it is unknown, its formula or the word "unknown", with the reasons on hover and for screen readers. */
export function Num(props: { of: Quantity; unit?: Unit; why?: readonly Message[] }) {
  const { of, unit = 'count', why = [] } = props;
  if (of.value !== null) {
    const exact = unit === 'count' ? undefined : formatCount(of.value);
    return <span title={exact}>{formatValue(of.value, unit)}</span>;
  }
  const reasons = why.map(say).join(' ');
  if (of.formula !== undefined) {
    return (
      <span class="formula" title={reasons || t('Known only as a formula')}>
        {of.formula}
      </span>
    );
  }
  return (
    <span class="unknown" title={reasons}>
      {t('unknown')}
      {reasons && <span class="sr-only">: {reasons}</span>}
    </span>
  );
}
