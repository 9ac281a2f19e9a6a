import type { LimitScope, LimitScopeKind } from '@app/contract';
import { useQuery } from '@tanstack/react-query';
import { keyNamesQuery } from '../../api/keys.ts';
import { Field } from '../../ui/field.tsx';
import { SelectField } from '../../ui/select-field.tsx';

const kinds = [
  { value: 'project', label: 'The whole project' },
  { value: 'key', label: 'API key' },
  { value: 'user', label: 'User' },
  { value: 'model', label: 'Model' },
  { value: 'tag', label: 'Tag' },
] as const satisfies { value: LimitScopeKind; label: string }[];

const hints = {
  user: 'As your application names its users; empty gives every user an allowance of their own.',
  model: 'Such as gpt-5 or openai/gpt-5; empty gives every model an allowance of its own.',
  tag: 'A tag of a key or of a call; empty gives every tag an allowance of its own.',
} as const;

type Props = {
  project: string;
  scope: LimitScope;
  problem: string | undefined;
  onChange: (scope: LimitScope) => void;
};

/** Whose calls count. An empty name means: each of them by itself. */
export function ScopeFields({ project, scope, problem, onChange }: Props) {
  const kind = scope.kind === 'organization' ? 'project' : scope.kind;
  return (
    <div className="flex flex-col gap-4">
      <SelectField
        label="Counts the calls of"
        value={kind}
        options={kinds}
        onChange={(chosen) => onChange({ kind: chosen, id: '*' })}
      />
      {kind === 'key' ? (
        <WhichKey project={project} id={scope.id} onChange={(id) => onChange({ kind, id })} />
      ) : null}
      {kind === 'project' || kind === 'key' ? null : (
        <Field
          label="Which one"
          placeholder="each of them"
          value={scope.id === '*' ? '' : scope.id}
          hint={hints[kind]}
          problem={problem}
          maxLength={256}
          onChange={(event) => onChange({ kind, id: event.target.value === '' ? '*' : event.target.value })}
        />
      )}
    </div>
  );
}

type WhichProps = { project: string; id: string; onChange: (id: string) => void };

function WhichKey({ project, id, onChange }: WhichProps) {
  const { data: names } = useQuery(keyNamesQuery(project));
  const keys = [...(names ?? [])].map(([value, name]) => ({ value, label: `${name} (…${value.slice(-6)})` }));
  return (
    <SelectField
      label="Which one"
      value={id}
      options={[{ value: '*', label: 'Each key, an allowance of its own' }, ...keys]}
      hint="The newest 200 keys."
      onChange={onChange}
    />
  );
}
