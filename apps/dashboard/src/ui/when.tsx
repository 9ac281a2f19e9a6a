import { formatRelative } from './format.ts';

/** A moment as far as it is from now; the moment itself is its tooltip. */
export function When({ iso }: { iso: string }) {
  return (
    <time dateTime={iso} title={new Date(iso).toLocaleString('en-GB')}>
      {formatRelative(iso)}
    </time>
  );
}
