import type { Alert } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { destinationsQuery } from '../../api/destinations.ts';
import { CheckList } from '../../ui/check-list.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import type { AlertDraft } from './alert-draft.ts';
import { spanText } from './alert-text.ts';

const severities = [
  { value: 'info', label: 'Info' },
  { value: 'warning', label: 'Warning' },
  { value: 'critical', label: 'Critical' },
] as const satisfies { value: Alert['severity']; label: string }[];
const cooldowns = [15, 60, 240, 1_440].map((minutes) => ({
  value: String(minutes),
  label: spanText(minutes),
}));

type Props = {
  /** Undefined for somebody who sees the project alone: destinations belong to the organization. */
  organization: string | undefined;
  draft: AlertDraft;
  onChange: (changed: Partial<AlertDraft>) => void;
};

/** Who is told, how loudly, and how often. */
export function AlertDeliveryFields({ organization, draft, onChange }: Props) {
  const { cooldownMinutes } = draft;
  const isKnown = cooldowns.some(({ value }) => value === cooldownMinutes);
  const own = { value: cooldownMinutes, label: spanText(Number(cooldownMinutes)) };
  return (
    <>
      <Choice label="Severity">
        <Segmented
          label="Severity"
          value={draft.severity}
          options={severities}
          onChange={(severity) => onChange({ severity })}
        />
      </Choice>
      {organization === undefined ? null : (
        <Destinations
          organization={organization}
          chosen={draft.destinations}
          onChange={(destinations) => onChange({ destinations })}
        />
      )}
      <SelectField
        label="Tells the same again after"
        value={cooldownMinutes}
        options={isKnown ? cooldowns : [own, ...cooldowns]}
        onChange={(chosen) => onChange({ cooldownMinutes: chosen })}
      />
    </>
  );
}

type DestinationsProps = {
  organization: string;
  chosen: readonly string[];
  onChange: (ids: string[]) => void;
};

function Destinations({ organization, chosen, onChange }: DestinationsProps) {
  const { data } = useQuery(destinationsQuery(organization));
  const options = (data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }));
  if (options.length === 0) {
    return (
      <Choice
        label="Tells"
        hint="Nobody yet: make a destination first. Until then it only stands in the history."
      >
        {null}
      </Choice>
    );
  }
  return <CheckList legend="Tells" options={options} chosen={chosen} onChange={onChange} />;
}
