import { Pause, Play } from 'lucide-react';
import { Button } from '../../ui/button.tsx';

/** Says whether new traces appear by themselves, and changes it. */
export function LiveButton({ isLive, onChange }: { isLive: boolean; onChange: (isLive: boolean) => void }) {
  const Icon = isLive ? Pause : Play;
  return (
    <>
      <span role="status" className="flex items-center gap-2 text-soft text-sm">
        <span
          aria-hidden="true"
          className={`size-2 rounded-full ${isLive ? 'bg-good motion-safe:animate-pulse' : 'bg-faint'}`}
        />
        {isLive ? 'Live' : 'Paused'}
      </span>
      <Button onClick={() => onChange(!isLive)} className="w-24">
        <Icon aria-hidden="true" className="size-4" />
        {isLive ? 'Pause' : 'Resume'}
      </Button>
    </>
  );
}
