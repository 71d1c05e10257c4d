import { useEffect, useRef } from 'preact/hooks';
import type { ProposalView } from '../protocol/panel';
import { post } from './host';
import { Said } from './said';
import { t } from './text';

/** The change that is about to be made in the source, line by line, to accept or to leave. */
export function Proposal({ proposal }: { proposal: ProposalView }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, [proposal.id]);
  const answer = (accept: boolean) => post({ type: 'answer', id: proposal.id, accept });
  return (
    <dialog
      ref={dialog}
      aria-labelledby="proposal-title"
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <h2 id="proposal-title">
        <Said text={proposal.title} />
      </h2>
      <div class="diff" role="region" tabIndex={0} aria-label={t('Changed lines of {0}', proposal.file)}>
        {proposal.hunks.map((hunk) => (
          <div key={hunk.line} class="hunk">
            <p class="remark">{t('{0}, line {1}', proposal.file, hunk.line + 1)}</p>
            {hunk.removed.map((text, i) => (
              <DiffLine key={`r${i}`} kind="removed" text={text} />
            ))}
            {hunk.added.map((text, i) => (
              <DiffLine key={`a${i}`} kind="added" text={text} />
            ))}
          </div>
        ))}
      </div>
      {proposal.notes.map((note, i) => (
        <p key={i} class="remark">
          <Said text={note} />
        </p>
      ))}
      <p class="remark">{t('Undo in the editor takes it back.')}</p>
      <div class="dialog-actions">
        <button type="button" onClick={() => answer(false)}>
          {t('Leave as it is')}
        </button>
        <button type="button" class="primary" onClick={() => answer(true)}>
          {t('Apply')}
        </button>
      </div>
    </dialog>
  );
}

function DiffLine({ kind, text }: { kind: 'removed' | 'added'; text: string }) {
  return (
    <pre class={`diff-line ${kind}`}>
      <span aria-hidden="true">{kind === 'removed' ? '− ' : '+ '}</span>
      <span class="sr-only">{kind === 'removed' ? t('removed:') : t('added:')} </span>
      {text}
    </pre>
  );
}
