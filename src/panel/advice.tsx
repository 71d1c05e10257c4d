import type { AdviceView } from '../protocol/panel';
import { Fold } from './fold';
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
          <div class="advice-text">
            <p>
              <b>
                {t('Try')} <Said text={a.title} />.
              </b>{' '}
              <Said text={a.text} />
            </p>
            <p>
              <a href={a.source.url}>{a.source.title}</a>
            </p>
            {a.code !== null && (
              <Fold id={`code-${a.id}`} title={t('The code')}>
                {() => <pre class="code">{a.code}</pre>}
              </Fold>
            )}
          </div>
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
