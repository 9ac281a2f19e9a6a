import type { GatewayError } from '@app/protocol';
import type { Counting } from '../admission/counting.ts';
import type { Reservation, Reserve } from '../admission/reserve.ts';
import type { Ended } from '../admission/used-of.ts';
import { type Worst, worstCaseOf } from '../limits/worst/worst-case.ts';
import type { CallRecord, Target } from '../ports.ts';

export type SessionSpendingInput = {
  reserve: Reserve;
  counting: Counting;
  target: Target;
  /** What the next response might take does not fit any more: the session must end. */
  onSpent(error: GatewayError): void;
};

/**
 * What a session holds of its limits: the worst case of one response, ahead of it, from before the session begins until
 * it ends. A provider makes responses whenever it hears something, so there is no moment to ask before each.
 */
export type SessionSpending = {
  /** Takes what the first response might. `done` gets why not. */
  begin(done: (error: GatewayError | undefined) => void): void;
  /** A response is over: it is settled, and the next one is taken for. */
  onResponse(record: Pick<CallRecord, 'usage' | 'cost' | 'attempts'>): void;
  /** The session is over. `isMidway`: a response was under way, of which nobody knows what it used. */
  close(isMidway: boolean): void;
};

export function openSessionSpending(input: SessionSpendingInput): SessionSpending {
  const { reserve, counting, target, onSpent } = input;
  let held: Reservation | undefined;
  let isOver = false;
  let inputTokens = INPUT_TOKENS_FIRST;
  /** Responses that were over before the next one was taken for. */
  const waiting: Ended[] = [];

  const take = (done: (error: GatewayError | undefined) => void): void => {
    const worst = responseWorst(target, inputTokens);
    reserve({ ...counting, target, findWorst: () => worst }, (reserved) => {
      if (!reserved.ok) {
        done(reserved.refusal.error);
        return;
      }
      held = reserved.reservation;
      const ended = waiting.shift();
      if (ended !== undefined) settle(ended);
      else if (isOver) withdraw();
      done(undefined);
    });
  };
  const withdraw = (): void => {
    held?.withdraw();
    held = undefined;
  };
  const settle = (ended: Ended): void => {
    if (held === undefined) {
      waiting.push(ended);
      return;
    }
    held.settle(ended);
    held = undefined;
    if (isOver && waiting.length === 0) return;
    take((error) => {
      if (error !== undefined && !isOver) onSpent(error);
    });
  };
  return {
    begin: take,
    onResponse({ usage, cost, attempts }) {
      const outcome = attempts.at(-1)?.outcome ?? 'ok';
      // All that was said so far is read again.
      const said = Object.values(usage).reduce((sum, tokens) => sum + (tokens ?? 0), 0);
      inputTokens = Math.max(INPUT_TOKENS_FIRST, said + INPUT_TOKENS_NEXT);
      settle({ usage, cost, outcome, isUnsent: false });
    },
    close(isMidway) {
      if (isOver) return;
      isOver = true;
      if (isMidway) settle(UNKNOWN);
      else withdraw();
    },
  };
}

/** What was held stays charged. */
const UNKNOWN: Ended = {
  usage: {},
  cost: { nanos: 0, label: 'unknown', priceVersion: '' },
  outcome: 'cancelled',
  isUnsent: false,
};

/** Instructions, tools and a minute of sound; what one turn may add to what was said before. */
const INPUT_TOKENS_FIRST = 8_192;
const INPUT_TOKENS_NEXT = 4_096;
/** Source: OpenAI's realtime reference, `max_output_tokens`. */
const OUTPUT_TOKENS_MAX = 4_096;

function responseWorst(target: Target, inputTokens: number): Worst {
  return worstCaseOf(
    {
      input: { tokens: inputTokens, floorTokens: 0 },
      outputTokensMax: OUTPUT_TOKENS_MAX,
      choices: 1,
      isCapOurs: false,
      pricing: {
        isSandbox: false,
        inputClasses: ['inputFresh', 'inputAudio', 'inputImage'],
        outputClasses: ['outputText', 'outputAudio'],
        options: {},
      },
    },
    target,
  );
}
