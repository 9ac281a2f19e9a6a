import type { DataFilter } from '@app/contract';
import { Field } from '../../ui/field.tsx';

/** What is meant, as it is typed: days stand for moments. */
export type FilterDraft = {
  [name in 'trace_id' | 'user' | 'session' | 'tag' | 'from' | 'to']: string;
};

export const emptyFilter: FilterDraft = { trace_id: '', user: '', session: '', tag: '', from: '', to: '' };

/** Only fields that hold something. A last day is meant whole. */
export function filterOf({ trace_id, user, session, tag, from, to }: FilterDraft): DataFilter {
  const texts = Object.entries({ trace_id, user, session, tag })
    .map(([name, text]) => [name, text.trim()])
    .filter(([, text]) => text !== '');
  return {
    ...Object.fromEntries(texts),
    ...(from === '' ? {} : { from: new Date(`${from}T00:00:00`).toISOString() }),
    ...(to === '' ? {} : { to: new Date(`${to}T23:59:59.999`).toISOString() }),
  };
}

type Props = {
  draft: FilterDraft;
  /** Whether one trace can be meant. */
  hasTrace: boolean;
  onChange: (draft: FilterDraft) => void;
};

export function DataFilterFields({ draft, hasTrace, onChange }: Props) {
  const field = (name: keyof FilterDraft, label: string, placeholder: string) => (
    <Field
      label={label}
      placeholder={placeholder}
      maxLength={256}
      value={draft[name]}
      onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
    />
  );
  const day = (name: 'from' | 'to', label: string) => (
    <Field
      label={label}
      type="date"
      value={draft[name]}
      onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
    />
  );
  return (
    <div className="grid gap-x-4 gap-y-4 sm:grid-cols-2">
      {field('user', 'Of a user', 'every user')}
      {field('session', 'Of a session', 'every session')}
      {field('tag', 'With a tag', 'any tag')}
      {hasTrace ? field('trace_id', 'One trace', '32 hexadecimal digits') : <span />}
      {day('from', 'From')}
      {day('to', 'To, that day included')}
    </div>
  );
}
