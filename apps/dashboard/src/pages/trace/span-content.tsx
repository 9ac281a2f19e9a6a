import type { SpanDetails } from '@app/contract';
import { pretty } from '../traces/content/json.ts';
import { ContentView } from '../traces/content-view.tsx';
import { LongText } from '../traces/long-text.tsx';
import { NotCaptured } from '../traces/not-captured.tsx';
import { ReplyView } from '../traces/reply-view.tsx';
import { RequestView } from '../traces/request-view.tsx';

type Props = { span: SpanDetails; side: 'request' | 'reply' };

/** What went in, or what came out: a conversation where it is one, else what it is. */
export function SpanContent({ span, side }: Props) {
  const { request, reply, capture, route, error_code, provider } = span;
  const value = span[side];
  const what = side === 'request' ? 'request' : 'response';
  if (value === null) {
    return <NotCaptured what={what} capture={capture} because={whyNone(span, side)} />;
  }
  if (span.dialect === 'json' || span.kind === 'step') return <Plain value={value} />;
  // A call that an SDK saw was not refused by the gateway, whoever answered it.
  const summary = { error_code, provider: provider ?? span.source ?? null };
  if (side === 'request') return <RequestView trace={{ request, capture, route, summary }} />;
  return <ReplyView trace={{ reply, capture, route, summary }} />;
}

function whyNone({ kind, outcome }: SpanDetails, side: Props['side']): string | undefined {
  if (kind === 'attempt') return 'An attempt sends what the call asked for: see the call above it.';
  if (side === 'reply' && outcome !== 'ok') return 'It ended before there was an answer.';
  return kind === 'step' ? 'Its sender told nothing here.' : undefined;
}

function Plain({ value }: { value: NonNullable<SpanDetails['request']> }) {
  return (
    <ContentView value={value}>
      <div className="overflow-hidden rounded-xl border border-line bg-surface p-4">
        {typeof value === 'string' ? (
          <LongText text={value} className="text-sm leading-relaxed" />
        ) : (
          <LongText text={pretty(value)} className="font-mono text-xs leading-relaxed" />
        )}
      </div>
    </ContentView>
  );
}
