import type { AdviceView } from '../protocol/panel';
import { post } from './host';
import { Said } from './said';
import { t } from './text';

/** What would help, with its measured effect, its source and, where there is code for it, a button. */
export function Advice({ advice }: { advice: readonly AdviceView[] }) {
  if (advice.length === 0) return null;
  return (
    <ul class="advice" aria-label={t('Advice')}>
      {advice.map((a) => (
        <li key={a.id}>
          <p>
            <b>
              <Said text={a.title} />
            </b>{' '}
            <Said text={a.text} />{' '}
            {a.source && (
              <a href={a.source.url} title={a.source.url}>
                {a.source.title}
              </a>
            )}
          </p>
          {a.insertable && (
            <button
              type="button"
              class="primary"
              onClick={() => post({ type: 'apply', change: { type: 'advice', id: a.id } })}
            >
              {t('Insert code…')}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
