import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Blocks } from './blocks.tsx';
import { partsOf, pretty, type Unknown } from './message-text.ts';
import { NotCaptured } from './not-captured.tsx';
import { Raw } from './request-view.tsx';

export function ReplyView({ reply, capture }: { reply: Unknown; capture: 'full' | 'metadata' }) {
  const [isRaw, setIsRaw] = useState(false);
  if (reply === null) return <NotCaptured what="response" capture={capture} />;
  const blocks = partsOf(reply);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-2">
        <Button onClick={() => setIsRaw(!isRaw)} aria-pressed={isRaw}>
          {isRaw ? 'Message' : 'Raw JSON'}
        </Button>
        <CopyButton text={pretty(reply)} label="Copy JSON" />
      </div>
      {isRaw ? (
        <Raw value={reply} />
      ) : (
        <div className="rounded-xl border border-line bg-surface p-4">
          {blocks.length === 0 ? (
            <p className="text-faint text-sm">The reply has no content.</p>
          ) : (
            <Blocks blocks={blocks} />
          )}
        </div>
      )}
    </div>
  );
}
