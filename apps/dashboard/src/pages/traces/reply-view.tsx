import { Blocks } from './blocks.tsx';
import { ContentView } from './content-view.tsx';
import { partsOf, type Unknown } from './message-text.ts';
import { NotCaptured } from './not-captured.tsx';

export function ReplyView({ reply, capture }: { reply: Unknown; capture: 'full' | 'metadata' }) {
  if (reply === null) return <NotCaptured what="response" capture={capture} />;
  const blocks = partsOf(reply);
  return (
    <ContentView value={reply}>
      <div className="rounded-xl border border-line bg-surface p-4">
        {blocks.length === 0 ? (
          <p className="text-faint text-sm">The reply has no content.</p>
        ) : (
          <Blocks blocks={blocks} />
        )}
      </div>
    </ContentView>
  );
}
