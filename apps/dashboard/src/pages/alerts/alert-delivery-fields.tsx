import type { Alert } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { destinationsQuery } from '../../api/destinations.ts';
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
  const destinations = data?.data ?? [];
  const turn = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">Tells</legend>
      {destinations.length === 0 ? (
        <p className="text-faint text-xs">
          Nobody yet: make a destination first. Until then it only stands in the history.
        </p>
      ) : null}
      {destinations.map(({ id, name }) => (
        <label key={id} className="flex min-w-0 items-center gap-2.5 text-sm">
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={() => turn(id)}
            className="size-4 shrink-0 accent-accent"
          />
          <span className="min-w-0 truncate" title={name}>
            {name}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
