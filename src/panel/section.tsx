import type { ComponentChildren } from 'preact';

/** A titled part of the page, with a short remark and its own controls at the right. */
export function Section(props: {
  id: string;
  title: string;
  remark?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section id={props.id} aria-labelledby={`${props.id}-title`}>
      <header class="section-head">
        <h2 id={`${props.id}-title`} tabIndex={-1}>
          {props.title}
        </h2>
        {props.remark !== undefined && <span class="remark">{props.remark}</span>}
        {props.actions !== undefined && <span class="actions">{props.actions}</span>}
      </header>
      {props.children}
    </section>
  );
}
