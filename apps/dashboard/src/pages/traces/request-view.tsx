import type { Trace } from '@app/contract';
import { useMemo, useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Blocks } from './blocks.tsx';
import type { Message } from './content/block.ts';
import { type Fields, pretty } from './content/json.ts';
import { readRequest } from './content/read-request.ts';
import { ContentView } from './content-view.tsx';
import { LongText } from './long-text.tsx';
import { NotCaptured } from './not-captured.tsx';
import { routeFacts } from './route-facts.ts';

/** The newest messages come first into view; an agent's history may have hundreds before them. */
const MESSAGES_SHOWN = 40;

type Props = {
  trace: Pick<Trace, 'request' | 'route'> & {
    capture: 'full' | 'redacted' | 'metadata';
    summary: Pick<Trace['summary'], 'error_code' | 'provider'>;
  };
};

const REFUSED =
  'The call was refused before anybody was asked. What is refused as malformed is not recorded.';

export function RequestView({ trace: { request, capture, route, summary } }: Props) {
  const isRefused = summary.error_code !== null && summary.provider === null;
  const noRequest = routeFacts(route).noRequest ?? (isRefused ? REFUSED : undefined);
  if (request === null) return <NotCaptured what="request" capture={capture} because={noRequest} />;
  return (
    <ContentView value={request}>
      <Read request={request} route={route} />
    </ContentView>
  );
}

function Read({ request, route }: Pick<Trace, 'request' | 'route'>) {
  const { messages, rest } = useMemo(
    () => readRequest(request, routeFacts(route).isConversation),
    [request, route],
  );
  return (
    <>
      {messages.length === 0 ? null : <Messages messages={messages} />}
      {rest === undefined ? null : <Settings rest={rest} />}
      {messages.length === 0 && rest === undefined ? (
        <p className="text-soft text-sm">The request names a model and nothing else.</p>
      ) : null}
    </>
  );
}

function Messages({ messages }: { messages: readonly Message[] }) {
  const [shown, setShown] = useState(MESSAGES_SHOWN);
  const hidden = Math.max(0, messages.length - shown);
  return (
    <>
      {hidden > 0 ? (
        <Button onClick={() => setShown(shown + MESSAGES_SHOWN)} className="self-center">
          Show {Math.min(hidden, MESSAGES_SHOWN)} of {hidden} earlier messages
        </Button>
      ) : null}
      <ol start={hidden + 1} className="flex flex-col gap-3">
        {messages.slice(hidden).map((message, at) => (
          <MessageItem
            // biome-ignore lint/suspicious/noArrayIndexKey: the place in the whole request is what a message is known by
            key={hidden + at}
            message={message}
            place={`${hidden + at + 1} of ${messages.length}`}
          />
        ))}
      </ol>
    </>
  );
}

const MODEL_ROLES: ReadonlySet<string> = new Set(['assistant', 'model']);

function MessageItem({ message: { role, blocks }, place }: { message: Message; place: string }) {
  return (
    <li className="rounded-xl border border-line bg-surface p-4">
      <p className="mb-2.5 flex items-center justify-between gap-3">
        <Badge tone={MODEL_ROLES.has(role) ? 'accent' : 'neutral'}>{role === '' ? 'no role' : role}</Badge>
        <span className="shrink-0 text-faint text-xs tabular-nums">{place}</span>
      </p>
      {blocks.length === 0 ? <p className="text-faint text-sm">empty</p> : <Blocks blocks={blocks} />}
    </li>
  );
}

function Settings({ rest }: { rest: Fields }) {
  return (
    <section className="rounded-xl border border-line bg-surface p-4">
      <h3 className="mb-2.5 font-medium text-sm">Settings</h3>
      <LongText text={pretty(rest)} className="font-mono text-xs leading-relaxed" />
    </section>
  );
}
