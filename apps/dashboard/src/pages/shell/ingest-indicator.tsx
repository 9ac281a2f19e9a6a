import { useQuery } from '@tanstack/react-query';
import { ingestStatusQuery } from '../../api/ingest-status.ts';
import { findIngestTrouble } from './ingest-trouble.ts';

/** A quiet word on how fresh the traces are; its trouble is told at the top of the page. */
export function IngestIndicator({ project }: { project: string }) {
  const { data: status, isError } = useQuery(ingestStatusQuery(project));
  if (status === undefined && !isError) return null;
  const trouble = status === undefined ? [] : findIngestTrouble(status);
  const [dot, said] = isError
    ? ['bg-faint', 'Freshness of traces unknown']
    : trouble.length > 0
      ? ['bg-warn', 'Traces need attention']
      : ['bg-good', 'Traces arrive on time'];
  return (
    <p className="flex items-center gap-2 px-2 text-faint text-xs">
      <span aria-hidden="true" className={`size-2 rounded-full ${dot}`} />
      {said}
    </p>
  );
}
