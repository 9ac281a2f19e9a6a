import { classNames } from './class-names.ts';

type Props = {
  /** Shares of the whole, 0 to 1 and more. */
  used: number;
  held: number;
  /** Where it will end at this pace; absent where nobody can say. */
  projected?: number;
  label: string;
};

const percent = (share: number): string => `${Math.max(0, Math.min(1, share)) * 100}%`;

/** How much of an amount is gone, what is held for calls under way, and a mark where it will end. */
export function BurnBar({ used, held, projected, label }: Props) {
  const tone = used >= 1 ? 'bg-bad' : used >= 0.8 ? 'bg-warn' : 'bg-accent';
  return (
    <div className="relative h-2.5 w-full overflow-hidden rounded-full bg-chip">
      <meter className="sr-only" aria-label={label} value={Math.min(1, Math.max(0, used))} />
      <div
        className={classNames('absolute inset-y-0 left-0', tone)}
        style={{ width: percent(used + held) }}
      />
      {held > 0 ? (
        <div
          className="absolute inset-y-0 bg-surface opacity-50"
          style={{ left: percent(used), width: percent(held) }}
        />
      ) : null}
      {projected !== undefined && projected > used ? (
        <div
          className={classNames('absolute inset-y-0 w-0.5', projected > 1 ? 'bg-bad' : 'bg-text')}
          style={{ left: `calc(${percent(projected)} - 2px)` }}
        />
      ) : null}
    </div>
  );
}
