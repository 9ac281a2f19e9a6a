import type { Dimension } from '@app/contract';
import { SelectField } from '../../ui/select-field.tsx';

export type GroupName = Dimension;

/** What calls can be grouped by, in words, and the field of the filter language that finds such calls. */
const groups: readonly { value: GroupName; label: string; field: string }[] = [
  { value: 'model', label: 'Model', field: 'model' },
  { value: 'provider', label: 'Provider', field: 'provider' },
  { value: 'user_id', label: 'User', field: 'user' },
  { value: 'session_id', label: 'Session', field: 'session' },
  { value: 'key_id', label: 'API key', field: 'key' },
  { value: 'environment', label: 'Environment', field: 'environment' },
  { value: 'service', label: 'Service', field: 'service' },
  { value: 'release', label: 'Release', field: 'release' },
  { value: 'prompt_name', label: 'Prompt', field: 'prompt' },
  { value: 'prompt_version', label: 'Prompt version', field: 'prompt_version' },
  { value: 'tag', label: 'Tag', field: 'tag' },
  { value: 'type', label: 'Kind of call', field: 'type' },
  { value: 'source', label: 'Told by', field: 'source' },
  { value: 'name', label: 'Name', field: 'name' },
  { value: 'outcome', label: 'Outcome', field: 'outcome' },
  { value: 'error_code', label: 'Error', field: 'error' },
  { value: 'service_tier', label: 'Service tier', field: 'service_tier' },
  { value: 'finish_reason', label: 'Ended by', field: 'finish_reason' },
  { value: 'cost_label', label: 'Certainty of cost', field: 'cost_label' },
];

type Props = { value: GroupName; onChange: (value: GroupName) => void };

export function GroupChoice({ value, onChange }: Props) {
  return (
    <div className="w-full max-w-56">
      <SelectField label="Grouped by" value={value} options={groups} onChange={onChange} />
    </div>
  );
}

/** The filter that finds the calls of one group. */
export function groupFilter(by: GroupName, value: string): string {
  const field = groups.find((group) => group.value === by)?.field ?? by;
  return `${field}:"${value.replace(/[\\"]/g, '\\$&')}"`;
}
