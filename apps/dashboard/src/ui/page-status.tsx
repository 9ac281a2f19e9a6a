import { RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';

/** What stands in place of content that could not be loaded. */
export function Failed({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-6 py-16 text-center">
      <p className="max-w-md text-soft text-sm wrap-anywhere">{message}</p>
      <Button onClick={onRetry}>
        <RefreshCw aria-hidden="true" className="size-4" /> Try again
      </Button>
    </div>
  );
}

/** What stands in place of content that does not exist yet, with the way to make some. */
export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 px-4 py-14 text-center sm:px-6">
      <h2 className="font-semibold text-base">{title}</h2>
      <div className="flex w-full max-w-xl flex-col items-center gap-4 text-soft text-sm">{children}</div>
    </div>
  );
}

/** A grey place that content will fill, so that nothing jumps when it comes. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden="true" className={`rounded-md bg-sunken motion-safe:animate-pulse ${className}`} />;
}
