import { useState } from 'preact/hooks';
import type { ProbeTask } from '../model';
import type { ProbeView } from '../protocol/panel';
import { ChartFrame } from './chart-frame';
import { Progress } from './flow';
import { post } from './host';
import { ProbeChart, ProbeTable } from './probe-chart';
import { Said } from './said';
import { Section } from './section';
import { t } from './text';

/** Trains the three cells for a short while on a task that needs memory, and shows how they learn as they do. */
export function Probe({ probe, seqLen }: { probe: ProbeView; seqLen: number }) {
  const [task, setTask] = useState<ProbeTask>(probe.task);
  const running = probe.status === 'running';
  return (
    <Section
      id="probe"
      title={t('Learning probe')}
      remark={probe.steps > 0 ? remarkOn(probe.steps, seqLen) : undefined}
      actions={
        <>
          <select
            value={task}
            disabled={running}
            aria-label={t('Task of the probe')}
            onChange={(event) => setTask(event.currentTarget.value as ProbeTask)}
          >
            <option value="adding">{t('adding problem')}</option>
            <option value="copy">{t('copy memory')}</option>
          </select>
          {running ? (
            <>
              <Progress progress={probe.progress} label={t('Training')} />
              <button type="button" onClick={() => post({ type: 'cancel-probe' })}>
                {t('Stop')}
              </button>
            </>
          ) : (
            <button type="button" onClick={() => post({ type: 'run-probe', task })}>
              {t('Probe learning')}
            </button>
          )}
        </>
      }
    >
      {probe.status === 'failed' && (
        <p class="failed" role="alert">
          {probe.reason ? <Said text={probe.reason} /> : t('The run failed.')}
        </p>
      )}
      {probe.curves.length > 0 && probe.baseline !== null ? (
        <ChartFrame
          id="probe-loss"
          chart={<ProbeChart curves={probe.curves} baseline={probe.baseline} />}
          table={() => <ProbeTable curves={probe.curves} />}
        />
      ) : (
        !running && (
          <p class="empty">
            {t(
              'Trains each cell for a moment on a task that cannot be done without remembering, and shows who learns it.',
            )}
          </p>
        )
      )}
    </Section>
  );
}

/** A longer sequence than a probe takes is said, not passed over. */
function remarkOn(steps: number, seqLen: number): string {
  return steps < seqLen
    ? t('small cells with equal parameters, T = {0} (a probe takes no more, of your {1})', steps, seqLen)
    : t('small cells with equal parameters, T = {0}', steps);
}
