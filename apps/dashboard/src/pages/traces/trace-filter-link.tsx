import { Link } from '@tanstack/react-router';
import type { TraceFilter } from '../../api/traces.ts';

type Props = {
  search: Pick<TraceFilter, 'key_id' | 'user_id' | 'session' | 'tag' | 'limit_id'>;
  children: string;
};

/** Leads to all traces that share this. */
export function TraceFilterLink({ search, children }: Props) {
  return (
    <Link
      to="/traces"
      search={search}
      title="Show all traces of it"
      className="text-accent-strong underline decoration-line-strong underline-offset-4 hover:decoration-accent"
    >
      <bdi>{children}</bdi>
    </Link>
  );
}
