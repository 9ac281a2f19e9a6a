import { priceUsage } from '@app/providers';
import { aBudget, aTarget, type FakeExchange } from '@app/testkit';
import { chat, openTestJourney, type TestJourney } from '../packages/gateway/test/open-test-journey.ts';
import { openAiReply } from '../packages/gateway/test/provider-texts.ts';

export type ReplayCall = { prompt: string; inputTokens: number; outputTokens: number };
export type Replay = {
  /** Callers that each begin their next call when the last one has ended. */
  callers: number;
  /** Absent where callers set no cap. */
  capTokens: number | undefined;
  /** The budget, as a share of what all calls cost. */
  budgetShare: number;
  /** How long a call waits for what others hold. */
  heldWaitMs: number;
};
export type Replayed = {
  paid: number;
  refused: number;
  /** Replies that the lowered cap cut short. */
  cut: number;
  /** Spent, as a share of the budget. */
  spentShare: number;
};

/** Two dollars a million tokens in, eight out; the model may write 32,768. */
const PRICE = { version: 'bench', rates: { inputFresh: 2_000_000, outputText: 8_000_000 }, tiers: [] };
const MODEL_TOKENS_MAX = 32_768;
/** How fast the model answers. */
const FIRST_TOKEN_MS = 300;
const TOKEN_MS = 10;

/** Calls through the real journey against one budget, on a clock that runs as fast as it can. */
export function replayCalls(calls: readonly ReplayCall[], replay: Replay): Replayed {
  const costs = calls.map(({ inputTokens, outputTokens }) => costOf(inputTokens, outputTokens));
  const max = Math.floor(costs.reduce((sum, cost) => sum + cost, 0) * replay.budgetShare);
  const budget = aBudget({ max });
  const result: Replayed = { paid: 0, refused: 0, cut: 0, spentShare: 0 };
  const answer = (exchange: FakeExchange): void => answerCall(journey, { exchange, calls, result });
  const journey = openTestJourney({
    answers: calls.map(() => answer),
    settings: { heldWaitMs: replay.heldWaitMs },
    snapshot: {
      models: { 'model-1': [{ ...aTarget(), price: PRICE, outputTokensMax: MODEL_TOKENS_MAX }] },
    },
    findLimits: () => [{ limit: budget, subject: '' }],
  });
  let next = 0;
  let open = 0;
  const begin = (): void => {
    const at = next;
    const call = calls[at];
    if (call === undefined) return;
    next += 1;
    open += 1;
    const cap = replay.capTokens === undefined ? {} : { max_completion_tokens: replay.capTokens };
    const messages = [{ role: 'user', content: `${at}\n${call.prompt}` }];
    const caller = journey.call(chat({ messages, ...cap }));
    const look = (): void => {
      if (caller.ending() === undefined) {
        journey.schedule(LOOK_MS, look);
        return;
      }
      open -= 1;
      if (caller.status() === 200) result.paid += 1;
      else result.refused += 1;
      begin();
    };
    look();
  };
  for (let caller = 0; caller < replay.callers; caller += 1) journey.schedule(caller, begin);
  while (next < calls.length || open > 0) journey.advance(STEP_MS);
  return { ...result, spentShare: journey.limits.read(budget, '').used / max };
}

const LOOK_MS = 1;
const STEP_MS = 1_000;

type Answering = { exchange: FakeExchange; calls: readonly ReplayCall[]; result: Replayed };

/** As much as the model has to say, or the cap lets it. */
function answerCall({ schedule }: TestJourney, { exchange, calls, result }: Answering): void {
  const { messages, max_completion_tokens: cap } = exchange.body;
  const content = Array.isArray(messages) ? String(messages[0]?.content) : '';
  const call = calls[Number.parseInt(content, 10)];
  if (call === undefined) throw new Error('The provider was asked what nobody asked.');
  const said = Math.min(call.outputTokens, typeof cap === 'number' ? cap : MODEL_TOKENS_MAX);
  if (said < call.outputTokens) result.cut += 1;
  const usage = {
    prompt_tokens: call.inputTokens,
    completion_tokens: said,
    total_tokens: call.inputTokens + said,
  };
  schedule(FIRST_TOKEN_MS + TOKEN_MS * said, () => {
    exchange.head(200, { 'content-type': 'application/json' });
    exchange.chunk(JSON.stringify(openAiReply('', { usage })));
    exchange.end();
  });
}

function costOf(inputTokens: number, outputTokens: number): number {
  return priceUsage({ inputFresh: inputTokens, outputText: outputTokens }, PRICE).nanos;
}
