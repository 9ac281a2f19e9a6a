import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';

type Props = {
  older: { hasMore: boolean; isLoading: boolean; problem: string | undefined; load: () => void };
  count: number;
  noun: 'calls' | 'traces' | 'spans';
};

/** The end of the list: more of it, or the word that there is no more. */
export function OlderTraces({ older, count, noun }: Props) {
  const shown = `${count.toLocaleString('en-US')} ${count === 1 ? noun.slice(0, -1) : noun}`;
  return (
    <div className="flex flex-col items-center gap-3">
      {older.problem === undefined ? null : <Notice tone="bad">{older.problem}</Notice>}
      {older.hasMore ? (
        <Button onClick={older.load} isBusy={older.isLoading}>
          Load older {noun}
        </Button>
      ) : null}
      <p className="text-faint text-xs tabular-nums">
        {older.hasMore ? `${shown} shown` : `${shown}, that is all`}
      </p>
    </div>
  );
}
