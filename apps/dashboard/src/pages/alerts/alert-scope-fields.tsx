import type { AlertPer } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import type { AlertPlace } from '../../api/alerts.ts';
import { keyNamesQuery } from '../../api/keys.ts';
import { Choice } from '../../ui/choice.tsx';
import { Field } from '../../ui/field.tsx';
import { Fold } from '../../ui/fold.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { type AlertDraft, isMeasured } from './alert-draft.ts';

const pers = [
  { value: 'all', label: 'All together' },
  { value: 'key', label: 'Each key' },
  { value: 'user', label: 'Each user' },
  { value: 'model', label: 'Each model' },
] as const satisfies { value: AlertPer; label: string }[];

type Props = {
  place: AlertPlace;
  draft: AlertDraft;
  problemOf: (param: string) => string | undefined;
  onChange: (changed: Partial<AlertDraft>) => void;
};

/** Whose calls count, and whether each is watched for itself. */
export function AlertScopeFields({ place, draft, problemOf, onChange }: Props) {
  return (
    <>
      {isMeasured(draft.metric) ? (
        <Choice label="Watched">
          <Segmented label="Watched" value={draft.per} options={pers} onChange={(per) => onChange({ per })} />
        </Choice>
      ) : null}
      <Fold title="Only some calls">
        <div className="flex flex-col gap-4">
          {place.kind === 'projects' ? (
            <KeyChoice project={place.id} value={draft.keyId} onChange={(keyId) => onChange({ keyId })} />
          ) : null}
          <Field
            label="Of a user"
            maxLength={256}
            placeholder="every user"
            value={draft.user}
            problem={problemOf('scope.user')}
            onChange={(event) => onChange({ user: event.target.value })}
          />
          <Field
            label="To a model"
            maxLength={200}
            placeholder="every model"
            value={draft.model}
            problem={problemOf('scope.model')}
            onChange={(event) => onChange({ model: event.target.value })}
          />
        </div>
      </Fold>
    </>
  );
}

type KeyProps = { project: string; value: string; onChange: (id: string) => void };

function KeyChoice({ project, value, onChange }: KeyProps) {
  const { data: names = new Map<string, string>() } = useQuery(keyNamesQuery(project));
  const keys = [...names].map(([id, name]) => ({ value: id, label: name }));
  const unknown = value === '' || names.has(value) ? [] : [{ value, label: value }];
  return (
    <SelectField
      label="Of a key"
      value={value}
      options={[{ value: '', label: 'Every key' }, ...unknown, ...keys]}
      onChange={onChange}
    />
  );
}
