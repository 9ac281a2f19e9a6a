import type { Alert, AlertState } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { RowMenu } from '../../ui/row-menu.tsx';
import { When } from '../../ui/when.tsx';
import { alertText, formatMetric, metrics } from './alert-text.ts';

type Props = {
  alert: Alert;
  mayWrite: boolean;
  onEdit: () => void;
  onSwitch: () => void;
  onDelete: () => void;
};

const states: Record<AlertState, { word: string; tone: 'good' | 'bad' | 'neutral' }> = {
  ok: { word: 'ok', tone: 'good' },
  firing: { word: 'firing', tone: 'bad' },
  no_data: { word: 'no data', tone: 'neutral' },
  paused: { word: 'paused', tone: 'neutral' },
};
const SUBJECTS_SHOWN = 5;

/** A rule, how it stands, and what fires. */
export function AlertRow({ alert, mayWrite, onEdit, onSwitch, onDelete }: Props) {
  const { name, state, severity, metric, value, enabled, firing } = alert;
  const { word, tone } = states[state];
  const hasValue = value !== null && metrics[metric].unit !== 'none';
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_2.25rem] gap-x-4 gap-y-2 px-4 py-4 lg:px-5">
      <div className="flex min-w-0 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Badge tone={state === 'firing' && severity !== 'critical' ? 'warn' : tone}>{word}</Badge>
          <h2 className="min-w-0 truncate font-semibold text-sm" title={name}>
            {name}
          </h2>
          {severity === 'warning' ? null : <Badge>{severity}</Badge>}
          {alert.destinations.length === 0 ? <Badge tone="warn">tells nobody</Badge> : null}
        </div>
        <p className="text-soft text-sm wrap-anywhere">{alertText(alert)}</p>
        <p className="text-faint text-xs tabular-nums">
          {hasValue ? `Now ${formatMetric(metric, value)} · ` : ''}
          {word} since <When iso={alert.state_since} />
          {alert.checked_at === null ? ' · not looked at yet' : ''}
        </p>
      </div>
      {mayWrite ? (
        <RowMenu
          label={`Actions for ${name}`}
          actions={[
            { label: 'Edit', run: onEdit },
            { label: enabled ? 'Pause' : 'Go on', run: onSwitch },
            { label: 'Delete', isDanger: true, run: onDelete },
          ]}
        />
      ) : (
        <span />
      )}
      {firing.length === 0 || alert.per === 'all' ? null : (
        <ul aria-label="What fires" className="col-span-2 flex flex-wrap gap-1.5">
          {firing.slice(0, SUBJECTS_SHOWN).map((each) => (
            <li
              key={each.subject}
              className="flex max-w-full gap-2 rounded-md bg-bad-soft px-2 py-1 text-bad text-xs tabular-nums"
            >
              <span className="min-w-0 truncate font-medium" title={each.subject}>
                {each.subject}
              </span>
              {formatMetric(metric, each.value)}
            </li>
          ))}
          {firing.length > SUBJECTS_SHOWN ? (
            <li className="px-1 py-1 text-faint text-xs">and {firing.length - SUBJECTS_SHOWN} more</li>
          ) : null}
        </ul>
      )}
    </li>
  );
}
