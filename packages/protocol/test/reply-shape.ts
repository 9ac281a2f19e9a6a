import fc from 'fast-check';
import type { AssistantPart, Reply, StopReason, Usage } from '../src/index.ts';
import { id, usageOf } from './arbitrary-values.ts';

/** How a reply ends, in our word and the wire's. */
type Ending = { stop: StopReason; rawStop: string; stopSequence?: string };

/** What one wire can say of a reply. */
export type ReplyShape = {
  parts: fc.Arbitrary<AssistantPart[]>;
  /** The endings that fit these parts. */
  endingsOf: (parts: AssistantPart[]) => readonly [Ending, ...Ending[]];
  /** Token classes beside the two totals. */
  usage: (keyof Usage)[];
  serviceTiers?: fc.Arbitrary<string>;
};

export function replyOf({ parts, endingsOf, usage, serviceTiers }: ReplyShape): fc.Arbitrary<Reply> {
  return fc
    .record({
      id,
      model: id,
      parts: parts.map(withOwnIds),
      usage: usageOf(usage),
      tier: fc.option(serviceTiers ?? fc.constant(undefined)),
      choice: fc.nat(),
    })
    .map(({ tier, choice, ...reply }): Reply => {
      const endings = endingsOf(reply.parts);
      const ending = endings[choice % endings.length] ?? endings[0];
      return { ...reply, ...ending, ...(tier && { serviceTier: tier }) };
    });
}

export function hasKind(parts: readonly AssistantPart[], kind: AssistantPart['kind']): boolean {
  return parts.some((part) => part.kind === kind);
}

function withOwnIds(parts: AssistantPart[]): AssistantPart[] {
  return parts.map((part, place) =>
    part.kind === 'tool-call' ? { ...part, id: `${part.id}${place}` } : part,
  );
}
