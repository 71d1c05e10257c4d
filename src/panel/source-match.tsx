import type { SourceMatchView } from '../protocol/panel';
import { Fold } from './fold';
import { PlaceLink } from './place';
import { Said } from './said';
import { t } from './text';

/** Which source of the workspace this file's weights belong to. */
export function SourceMatch({ match }: { match: SourceMatchView }) {
  const { kind, text, place, differences } = match;
  return (
    <div class={`source-match ${kind}`} role="status">
      <p>
        <Said text={text} /> {place && <PlaceLink place={place}>{t('Open the source')}</PlaceLink>}
      </p>
      {differences.length > 0 && (
        <Fold id="source-differences" title={t('What differs')}>
          {() => (
            <ul>
              {differences.map((difference, i) => (
                <li key={i}>
                  <Said text={difference} />
                </li>
              ))}
            </ul>
          )}
        </Fold>
      )}
    </div>
  );
}
