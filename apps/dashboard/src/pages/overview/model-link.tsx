import type { OverviewRange } from '@app/contract';
import { Link } from '@tanstack/react-router';

/** The server sums up the models beyond the first few under this name. */
const REST = 'other';

type Props = { model: string; search: { range: OverviewRange; mode?: 'live' | 'test' | undefined } };

/** Leads to the traces of a model in the same range. */
export function ModelLink({ model, search }: Props) {
  if (model === REST) return <span className="py-0.5 text-soft">{model}</span>;
  return (
    <Link
      to="/traces"
      search={{ model, range: search.range, mode: search.mode }}
      title={`${model}: show its traces`}
      className="min-w-0 truncate py-0.5 decoration-line-strong underline-offset-4 hover:underline"
    >
      {model}
    </Link>
  );
}
