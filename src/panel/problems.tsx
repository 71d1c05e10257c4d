import type { Place, ProblemView } from '../protocol/panel';
import { PlaceLink } from './place';
import { Said } from './said';
import { t } from './text';

/** What the reader had to say about the file. */
export function Problems({ problems }: { problems: readonly ProblemView[] }) {
  if (problems.length === 0) return null;
  return (
    <ul class="problems">
      {problems.map((p, i) => (
        <li key={i} class={p.severity}>
          <Said text={p.message} /> {p.place && <PlaceLink place={p.place}>{lineOf(p.place)}</PlaceLink>}
        </li>
      ))}
    </ul>
  );
}

function lineOf(place: Place): string {
  return t('line {0}', place.line + 1);
}
