import { useQuery } from '@tanstack/react-query';
import { storageQuery } from '../../api/retention.ts';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { formatBytes } from '../../ui/format.ts';
import { Failed, Skeleton } from '../../ui/page-status.tsx';
import { When } from '../../ui/when.tsx';

/** What the project's data takes now. */
export function StorageFacts({ project }: { project: string }) {
  const storage = useQuery(storageQuery(project));
  if (storage.isPending) return <Skeleton className="h-56 rounded-xl" />;
  if (storage.isError && storage.data === undefined) {
    return <Failed message={storage.error.message} onRetry={() => storage.refetch()} />;
  }
  const { traces, trace_bytes, contents, content_bytes, responses, oldest_at } = storage.data;
  return (
    <FactList title="What is kept now">
      <Fact name="Traces">{traces.toLocaleString('en-US')}</Fact>
      <Fact name="Traces take">{formatBytes(trace_bytes)}</Fact>
      <Fact name="Contents">{contents.toLocaleString('en-US')}</Fact>
      <Fact name="Contents take">{formatBytes(content_bytes)}</Fact>
      <Fact name="Responses">{responses.toLocaleString('en-US')}</Fact>
      <Fact name="Oldest trace">{oldest_at === null ? 'none' : <When iso={oldest_at} />}</Fact>
    </FactList>
  );
}
