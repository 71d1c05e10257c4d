import type { ComponentChildren } from 'preact';
import { usePage } from './context';

/** A fold-out whose state survives a reload of the window. */
export function Fold(props: { id: string; title: string; children: () => ComponentChildren }) {
  const page = usePage();
  const open = page.isOpen(props.id);
  return (
    <details
      class="fold"
      open={open}
      onToggle={(event) => page.dispatch({ type: 'toggle', id: props.id, open: event.currentTarget.open })}
    >
      <summary>{props.title}</summary>
      {open && props.children()}
    </details>
  );
}
