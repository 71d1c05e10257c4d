import type { ComparisonRowView } from '../protocol/panel';
import { formatCount, formatShare } from '../report/numbers';
import { Bar } from './bar';
import { CELL_NAMES } from './cells';
import { t } from './text';

/** How each cell's parameters divide over its gates. */
export function Gates({ rows }: { rows: readonly ComparisonRowView[] }) {
  const most = Math.max(...rows.flatMap((r) => r.byGate.map((g) => g.params)), 1);
  return (
    <table class="data narrow fixed">
      <thead>
        <tr>
          <th scope="col">{t('cell')}</th>
          <th scope="col">{t('gate')}</th>
          <th scope="col" class="num count">
            {t('parameters')}
          </th>
          <th scope="col" class="share">
            <span class="sr-only">{t('bar')}</span>
          </th>
          <th scope="col" class="num">
            {t('share')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.flatMap((row) =>
          row.byGate.map((g, i) => (
            <tr key={`${row.cell}-${g.gate}`}>
              {i === 0 && (
                <th scope="rowgroup" rowSpan={row.byGate.length}>
                  {CELL_NAMES[row.cell]} {formatCount(row.hiddenSizes[0]?.size ?? 0)}
                </th>
              )}
              <td>{g.gate}</td>
              <td class="num">{formatCount(g.params)}</td>
              <td class="share">
                <Bar share={g.params / most} kind={row.cell} />
              </td>
              <td class="num">{formatShare(g.params, row.params)}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  );
}
