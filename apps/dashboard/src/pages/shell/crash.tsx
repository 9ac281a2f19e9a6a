import { ApiError } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/page-status.tsx';

/** Stands in place of a page that failed in a way nobody foresaw. */
export function Crash({ error }: { error: unknown }) {
  const isKnown = error instanceof ApiError;
  return (
    <div role="alert" className="grid min-h-[70dvh] place-items-center">
      <Empty title={isKnown ? 'This page could not be loaded' : 'This page stopped working'}>
        <p>
          {isKnown
            ? error.message
            : 'It met something it does not know how to show. Your calls and traces are not affected.'}
        </p>
        <Button look="primary" onClick={() => location.reload()}>
          Reload the page
        </Button>
        {isKnown ? null : (
          <details className="max-w-full text-left">
            <summary className="cursor-pointer text-center text-faint text-xs">What happened</summary>
            <p className="mt-2 rounded-lg bg-sunken p-3 font-mono text-xs wrap-anywhere">{String(error)}</p>
          </details>
        )}
      </Empty>
    </div>
  );
}
