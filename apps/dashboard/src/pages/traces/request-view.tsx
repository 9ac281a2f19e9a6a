import { useState } from 'react';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Blocks, LongText } from './blocks.tsx';
import { messagesOf, pretty, type Unknown } from './message-text.ts';
import { NotCaptured } from './not-captured.tsx';

/** More messages than this are shown on request; an agent's history may have hundreds. */
const MESSAGES_SHOWN = 40;

export function RequestView({ request, capture }: { request: Unknown; capture: 'full' | 'metadata' }) {
  const [isRaw, setIsRaw] = useState(false);
  if (request === null) return <NotCaptured what="request" capture={capture} />;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-2">
        <Button onClick={() => setIsRaw(!isRaw)} aria-pressed={isRaw}>
          {isRaw ? 'Messages' : 'Raw JSON'}
        </Button>
        <CopyButton text={pretty(request)} label="Copy JSON" />
      </div>
      {isRaw ? <Raw value={request} /> : <Messages request={request} />}
    </div>
  );
}

function Messages({ request }: { request: Unknown }) {
  const [isWhole, setIsWhole] = useState(false);
  const messages = messagesOf(request);
  const hidden = isWhole ? 0 : Math.max(0, messages.length - MESSAGES_SHOWN);
  return (
    <ol className="flex flex-col gap-3">
      {hidden > 0 ? (
        <Button onClick={() => setIsWhole(true)} className="self-center">
          Show {hidden} earlier messages
        </Button>
      ) : null}
      {messages.slice(hidden).map((message, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a finished call never move
        <li key={at} className="rounded-xl border border-line bg-surface p-4">
          <p className="mb-2.5">
            <Badge tone={message.role === 'assistant' ? 'accent' : 'neutral'}>{message.role}</Badge>
          </p>
          <Blocks blocks={message.blocks} />
        </li>
      ))}
    </ol>
  );
}

export function Raw({ value }: { value: Unknown }) {
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-surface p-4">
      <LongText
        text={pretty(value)}
        className="whitespace-pre-wrap break-words font-mono text-xs leading-relaxed"
      />
    </div>
  );
}
