import type { AlertMetric } from '@app/contract';
import type { AlertPlace } from '../../api/alerts.ts';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { AlertActionFields } from './alert-action-fields.tsx';
import { type AlertDraft, isMeasured, isRate, thresholdProblem } from './alert-draft.ts';
import { AlertScopeFields } from './alert-scope-fields.tsx';
import { metrics, spanText } from './alert-text.ts';

const all = Object.entries(metrics).map(([value, { title }]) => ({
  value: value as AlertMetric,
  label: title,
}));
/** An anomaly belongs to a project; what is done is written down for the organization. */
const offered = {
  projects: all.filter(({ value }) => value !== 'audit_event'),
  organizations: all,
};
const directions = [
  { value: 'above', label: 'Above' },
  { value: 'below', label: 'Below' },
] as const;
const units = { usd: 'US dollars', percent: 'percent', ms: 'milliseconds', count: '', none: '' };
const windows = [5, 15, 60, 360, 1_440, 10_080].map((minutes) => ({
  value: String(minutes),
  label: spanText(minutes),
}));

type Props = {
  place: AlertPlace;
  draft: AlertDraft;
  isNew: boolean;
  problemOf: (param: string) => string | undefined;
  onChange: (changed: Partial<AlertDraft>) => void;
};

/** What is watched, and when that is worth a message. */
export function AlertConditionFields({ place, draft, isNew, problemOf, onChange }: Props) {
  const { metric, windowMinutes } = draft;
  const unit = units[metrics[metric].unit];
  const isKnown = windows.some(({ value }) => value === windowMinutes);
  const own = { value: windowMinutes, label: spanText(Number(windowMinutes)) };
  return (
    <>
      <SelectField
        label="What is watched"
        value={metric}
        options={offered[place.kind]}
        disabled={!isNew}
        onChange={(chosen) => onChange({ metric: chosen })}
      />
      {isMeasured(metric) ? (
        <>
          <div className="flex flex-wrap items-start gap-4">
            <Choice label="Fires when">
              <Segmented
                label="Direction"
                value={draft.direction}
                options={directions}
                onChange={(direction) => onChange({ direction })}
              />
            </Choice>
            <Field
              className="min-w-32 flex-1"
              label={unit === '' ? 'Bound' : `Bound, in ${unit}`}
              required
              inputMode="decimal"
              value={draft.threshold}
              problem={thresholdProblem(draft) ?? problemOf('threshold')}
              onChange={(event) => onChange({ threshold: event.target.value })}
            />
          </div>
          <SelectField
            label="Within the last"
            value={windowMinutes}
            options={isKnown ? windows : [own, ...windows]}
            onChange={(chosen) => onChange({ windowMinutes: chosen })}
          />
        </>
      ) : null}
      {isRate(metric) ? (
        <Field
          label="Calls that it takes"
          hint="With fewer in that time nothing is said: two errors of three calls are no rate."
          type="number"
          min={1}
          value={draft.callsMin}
          problem={problemOf('calls_min')}
          onChange={(event) => onChange({ callsMin: event.target.value })}
        />
      ) : null}
      {metric === 'audit_event' ? (
        <AlertActionFields chosen={draft.actions} onChange={(actions) => onChange({ actions })} />
      ) : (
        <AlertScopeFields place={place} draft={draft} problemOf={problemOf} onChange={onChange} />
      )}
    </>
  );
}
