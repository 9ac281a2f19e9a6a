import type { TraceLimits } from '@app/contract';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { limitTitle } from './limit-title.ts';
import { TraceFilterLink } from './trace-filter-link.tsx';

/** What limits did to the call; nothing where they let it pass as it came. */
export function LimitFacts({ limits }: { limits: TraceLimits | null }) {
  if (limits === null) return null;
  const { refused_by: refused, routed_by: routed, output_tokens_max: cap } = limits;
  return (
    <FactList title="Limits">
      {refused === null ? null : (
        <Fact name="Refused by" copies={refused.id}>
          <TraceFilterLink search={{ limit_id: refused.id }}>{limitTitle(refused)}</TraceFilterLink>
        </Fact>
      )}
      {routed === null ? null : (
        <Fact name="Sent elsewhere by" copies={routed.id}>
          <bdi>{limitTitle(routed)}</bdi>, which was spent
        </Fact>
      )}
      {cap === null ? null : (
        <Fact name="Output capped at">
          {cap.toLocaleString('en-US')} {cap === 1 ? 'token' : 'tokens'}, by what was left of a limit
        </Fact>
      )}
    </FactList>
  );
}
