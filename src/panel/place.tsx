import type { ComponentChildren } from 'preact';
import type { Place } from '../protocol/panel';
import { post } from './host';
import { t } from './text';

/** Text that opens the editor at a place in the source; plain text where there is no such place. */
export function PlaceLink(props: { place: Place | null; children: ComponentChildren; strong?: boolean }) {
  const { place } = props;
  if (!place) return <>{props.children}</>;
  return (
    <button
      type="button"
      class={props.strong ? 'link strong' : 'link'}
      title={t('Go to line {0}', place.line + 1)}
      onClick={(event) => {
        event.stopPropagation();
        revealPlace(place);
      }}
    >
      {props.children}
    </button>
  );
}

export function revealPlace({ uri, line, character }: Place): void {
  post({ type: 'reveal', uri, line, character });
}
