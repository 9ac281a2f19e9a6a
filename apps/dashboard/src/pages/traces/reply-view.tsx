import type { Trace } from '@app/contract';
import { useMemo } from 'react';
import { Blocks } from './blocks.tsx';
import { readReply } from './content/read-reply.ts';
import { ContentView } from './content-view.tsx';
import { NotCaptured } from './not-captured.tsx';
import { readEnding } from './read-ending.ts';
import { routeFacts } from './route-facts.ts';

const REFUSED = 'The call was refused before anybody was asked.';

type Props = {
  trace: Pick<Trace, 'reply' | 'route'> & {
    capture: 'full' | 'redacted' | 'metadata';
    summary: Pick<Trace['summary'], 'error_code' | 'provider'>;
  };
};

const FILE_ANSWER =
  'The answer to a request of this kind is a file, a list of numbers or a page, and is not recorded.';

export function ReplyView({ trace: { reply, capture, route, summary } }: Props) {
  const { isConversation } = routeFacts(route);
  if (reply === null) {
    return <NotCaptured what="response" capture={capture} because={whyNone(summary, isConversation)} />;
  }
  return (
    <ContentView value={reply}>
      <Read reply={reply} isConversation={isConversation} />
    </ContentView>
  );
}

function whyNone({ error_code: code, provider }: Props['trace']['summary'], isConversation: boolean) {
  if (code !== null) return provider === null ? REFUSED : undefined;
  return isConversation ? undefined : FILE_ANSWER;
}

function Read({ reply, isConversation }: { reply: Trace['reply']; isConversation: boolean }) {
  const blocks = useMemo(() => readReply(reply, isConversation), [reply, isConversation]);
  const ending = isConversation ? readEnding(reply) : undefined;
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-surface">
      <div className="p-4">
        {blocks.length === 0 ? (
          <p className="text-faint text-sm">The reply has no content.</p>
        ) : (
          <Blocks blocks={blocks} />
        )}
      </div>
      {ending === undefined ? null : (
        <p className="border-line border-t px-4 py-2.5 text-soft text-xs wrap-anywhere">{ending}</p>
      )}
    </div>
  );
}
