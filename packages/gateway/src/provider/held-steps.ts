import type { GatewayError } from '@app/protocol';
import { badResponse } from './answer-errors.ts';
import type { Step } from './exchange.ts';

export type HeldSteps = {
  /** Gives an error when they are too many, or the stream is over without a part. */
  add(steps: readonly Step[]): GatewayError | undefined;
  /** Gives them up, so that an open stream does not keep the bytes of its beginning. */
  take(): readonly Step[];
};

/** What a stream says before its first part: no caller may see it yet, because another target may have to answer. */
export function openHeldSteps(heldBytesMax: number): HeldSteps {
  const held: Step[] = [];
  let bytes = 0;
  return {
    add(steps) {
      if (steps.at(-1)?.isLast === true)
        return badResponse('closed its stream before the reply was complete');
      for (const { frame } of steps) bytes += frame?.data.length ?? 0;
      held.push(...steps);
      if (bytes <= heldBytesMax && held.length <= HELD_STEPS_MAX) return undefined;
      return badResponse('sent a long stream without a single part');
    },
    take: () => held.splice(0),
  };
}

const HELD_STEPS_MAX = 1_000;
