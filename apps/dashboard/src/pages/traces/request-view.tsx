import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Blocks } from './blocks.tsx';
import { ContentView } from './content-view.tsx';
import { LongText } from './long-text.tsx';
import { messagesOf, pretty, settingsOf, type Unknown } from './message-text.ts';
import { NotCaptured } from './not-captured.tsx';

/** The newest messages come first into view; an agent's history may have hundreds before them. */
const MESSAGES_SHOWN = 40;

export function RequestView({ request, capture }: { request: Unknown; capture: 'full' | 'metadata' }) {
  if (request === null) return <NotCaptured what="request" capture={capture} />;
  return (
    <ContentView value={request}>
      <Messages request={request} />
      <Settings request={request} />
    </ContentView>
  );
}

function Messages({ request }: { request: Unknown }) {
  const [shown, setShown] = useState(MESSAGES_SHOWN);
  const messages = messagesOf(request);
  const hidden = Math.max(0, messages.length - shown);
  if (messages.length === 0) {
    return <p className="text-soft text-sm">The request has no messages; its JSON shows what it has.</p>;
  }
  return (
    <>
      {hidden > 0 ? (
        <Button onClick={() => setShown(shown + MESSAGES_SHOWN)} className="self-center">
          Show {Math.min(hidden, MESSAGES_SHOWN)} of {hidden} earlier messages
        </Button>
      ) : null}
      <ol start={hidden + 1} className="flex flex-col gap-3">
        {messages.slice(hidden).map((message, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place in the whole request is what a message is known by
          <li key={hidden + at} className="rounded-xl border border-line bg-surface p-4">
            <p className="mb-2.5 flex items-center justify-between">
              <Badge tone={message.role === 'assistant' ? 'accent' : 'neutral'}>{message.role}</Badge>
              <span className="text-faint text-xs tabular-nums">
                {hidden + at + 1} of {messages.length}
              </span>
            </p>
            {message.blocks.length === 0 ? (
              <p className="text-faint text-sm">empty</p>
            ) : (
              <Blocks blocks={message.blocks} />
            )}
          </li>
        ))}
      </ol>
    </>
  );
}

function Settings({ request }: { request: Unknown }) {
  const settings = settingsOf(request);
  if (settings === undefined) return null;
  return (
    <section className="rounded-xl border border-line bg-surface p-4">
      <h3 className="mb-2.5 font-medium text-sm">Settings</h3>
      <LongText text={pretty(settings)} className="font-mono text-xs leading-relaxed" />
    </section>
  );
}
