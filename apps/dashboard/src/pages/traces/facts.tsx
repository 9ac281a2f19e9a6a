import type { Trace } from '@app/contract';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { CallFacts } from './call-facts.tsx';
import { isObject, stringOf } from './content/json.ts';
import { plainName } from './content/plain-name.ts';
import { LimitFacts } from './limit-facts.tsx';
import { Losses } from './losses.tsx';
import { UsageFacts } from './usage-facts.tsx';

type Props = { project: string; trace: Trace };

/** Ids, what limits did, tokens by class, how the cost was made, and what could not be translated. */
export function Facts({ project, trace }: Props) {
  return (
    <div className="flex flex-col gap-6">
      <LimitFacts limits={trace.summary.limits} />
      {trace.losses.length === 0 ? null : <Losses losses={trace.losses} />}
      <CallFacts project={project} trace={trace} />
      <ReplyFacts reply={trace.reply} />
      <UsageFacts trace={trace} />
    </div>
  );
}

/** What the provider said about its reply; nothing where it said nothing. */
function ReplyFacts({ reply }: { reply: Trace['reply'] }) {
  if (!isObject(reply)) return null;
  const facts = [
    ['Reply', stringOf(reply.id)],
    ['Model that answered', stringOf(reply.model)],
    ['Ended by', stringOf(reply.rawStop) ?? stringOf(reply.stop)],
  ].filter((fact): fact is [string, string] => fact[1] !== undefined);
  if (facts.length === 0) return null;
  return (
    <FactList title="Reply">
      {facts.map(([name, value]) => (
        <Fact key={name} name={name}>
          <bdi>{plainName(value)}</bdi>
        </Fact>
      ))}
    </FactList>
  );
}
