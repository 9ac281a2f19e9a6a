import type { TraceTree } from '@app/contract';
import { formatMoney } from '../../api/format-money.ts';
import { Badge } from '../../ui/badge.tsx';
import { formatCount, formatDuration, formatMoment } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { TraceFilterLink } from '../traces/trace-filter-link.tsx';
import { Scores } from './scores.tsx';

/** What a trace is about, and what all of it took. */
export function TraceHead({ tree }: { tree: TraceTree }) {
  const failed = tree.spans.filter((span) => span.outcome === 'failed').length;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-1.5">
        <Badge>{tree.environment === '' ? 'no environment' : tree.environment}</Badge>
        {tree.release === null ? null : <Badge>release {tree.release}</Badge>}
        {failed === 0 ? null : <Badge tone="bad">{failed.toLocaleString('en-US')} failed</Badge>}
        <Scores scores={tree.scores.filter((score) => score.span_id === null)} />
      </div>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2 text-sm sm:flex sm:flex-wrap sm:gap-x-10">
        <Fact name="Started">{formatMoment(tree.started_at)}</Fact>
        <Fact name="Duration">{formatDuration(tree.duration_us / 1_000)}</Fact>
        <Fact name="Spans">{tree.span_count.toLocaleString('en-US')}</Fact>
        <Fact name="Tokens in / out">
          {formatCount(tree.input_tokens)} / {formatCount(tree.output_tokens)}
        </Fact>
        <Fact name="Cost">{formatMoney(tree.cost)}</Fact>
        <Related tree={tree} />
      </dl>
      {tree.is_cut ? (
        <Notice tone="warn">
          The trace has {tree.span_count.toLocaleString('en-US')} spans. The first{' '}
          {tree.spans.length.toLocaleString('en-US')} are shown, and sums below are of those.
        </Notice>
      ) : null}
    </div>
  );
}

function Related({ tree: { user_id: user, session_id: session, tags } }: { tree: TraceTree }) {
  return (
    <>
      {user === null ? null : (
        <Fact name="User">
          <TraceFilterLink search={{ user_id: user }}>{user}</TraceFilterLink>
        </Fact>
      )}
      {session === null ? null : (
        <Fact name="Session">
          <TraceFilterLink search={{ session }}>{session}</TraceFilterLink>
        </Fact>
      )}
      {tags.length === 0 ? null : (
        <Fact name="Tags">
          <span className="flex flex-wrap gap-x-3">
            {tags.map((tag) => (
              <TraceFilterLink key={tag} search={{ tag }}>
                {tag}
              </TraceFilterLink>
            ))}
          </span>
        </Fact>
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-faint text-xs">{name}</dt>
      <dd className="tabular-nums wrap-anywhere">{children}</dd>
    </div>
  );
}
