import type { Score } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';

const tones = new Map<Score['value'], 'good' | 'bad'>([
  [true, 'good'],
  [false, 'bad'],
]);

/** What people and programs said about it. */
export function Scores({ scores }: { scores: readonly Score[] }) {
  return scores.map((score) => (
    <span key={score.id} title={score.comment ?? `${score.name}, by ${score.author ?? score.source}`}>
      <Badge tone={tones.get(score.value) ?? 'accent'}>
        <span className="max-w-60 truncate">
          {score.name}: {textOf(score.value)}
        </span>
      </Badge>
    </span>
  ));
}

function textOf(value: Score['value']): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 4 }) : value;
}
