import type { ServerResponse } from 'node:http';
import { answersJson, type FakeUpstream, openFakeUpstream, type UpstreamRequest } from '@app/testkit';

/**
 * What a call asks the provider to do: answer whole or as a stream, refuse, answer nothing, say half and then nothing,
 * or wait for `release` and then answer.
 */
export type Behaviour = 'answer' | 'refuse' | 'silence' | 'stall' | 'wait';

/** What the provider would send an invoice for. */
export type Bill = {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  costNanos: number;
  /** What of it nobody heard: whoever asked was gone, or had given it up, before it was answered whole. */
  unheard: { requests: number; tokens: number; costNanos: number };
  /** Calls that were at work at once, at most. */
  underWayMax: number;
  underWay: number;
};

export type BillingUpstream = FakeUpstream & {
  /** Of all calls with this label. */
  bill(label: string): Bill;
  /** Lets those that wait answer. */
  release(): void;
};

export const INPUT_NANOS = 1_000;
export const OUTPUT_NANOS = 2_000;

type Order = { label: string; behaviour: Behaviour; output: number };

/** The prompt that asks for something. */
export const orderOf = (order: Order): string => JSON.stringify(order);

/** A provider that speaks OpenAI's chat completions, does what prompts ask for, and counts what it would bill. */
export async function openBillingUpstream(): Promise<BillingUpstream> {
  const bills = new Map<string, Bill>();
  let released = Promise.withResolvers<void>();
  const billOf = (label: string): Bill => {
    const bill = bills.get(label) ?? structuredClone(EMPTY);
    bills.set(label, bill);
    return bill;
  };
  const upstream = await openFakeUpstream(async (response, request) => {
    const { order, prompt, outputMax } = readOrder(request);
    const bill = billOf(order.label);
    bill.underWay += 1;
    bill.underWayMax = Math.max(bill.underWayMax, bill.underWay);
    void request.closed.then(() => {
      bill.underWay -= 1;
    });
    const input = Math.ceil(Buffer.byteLength(prompt) / 4);
    const output = Math.min(order.output, outputMax);
    if (order.behaviour === 'refuse')
      return answersJson({ error: { message: 'overloaded' } }, 503)(response, request);
    if (order.behaviour === 'silence') return;
    if (order.behaviour === 'wait') await released.promise;
    charge(bill, input, 0);
    bill.requests += 1;
    // What a stream wrote until its caller left has been heard.
    if (order.behaviour !== 'stall')
      void request.closed.then((how) => how === 'aborted' && addUnheard(bill, input, output));
    if (request.json?.stream !== true) {
      charge(bill, 0, output);
      return answersJson(wholeReply(input, output))(response, request);
    }
    return stream(response, { bill, input, output, isStalling: order.behaviour === 'stall' });
  });
  return {
    ...upstream,
    bill: (label) => structuredClone(billOf(label)),
    release: () => {
      released.resolve();
      released = Promise.withResolvers();
    },
  };
}

const EMPTY: Bill = {
  requests: 0,
  inputTokens: 0,
  outputTokens: 0,
  costNanos: 0,
  underWayMax: 0,
  underWay: 0,
  unheard: { requests: 0, tokens: 0, costNanos: 0 },
};

function addUnheard({ unheard }: Bill, input: number, output: number): void {
  unheard.requests += 1;
  unheard.tokens += input + output;
  unheard.costNanos += input * INPUT_NANOS + output * OUTPUT_NANOS;
}

function charge(bill: Bill, input: number, output: number): void {
  bill.inputTokens += input;
  bill.outputTokens += output;
  bill.costNanos += input * INPUT_NANOS + output * OUTPUT_NANOS;
}

/** A token at a time, as long as somebody listens: a provider stops when its caller leaves, and bills what it wrote. */
async function stream(
  response: ServerResponse,
  { bill, input, output, isStalling }: { bill: Bill; input: number; output: number; isStalling: boolean },
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const write = (frame: object) =>
    new Promise<void>((resolve) => response.write(`data: ${JSON.stringify(frame)}\n\n`, () => resolve()));
  const until = isStalling ? Math.floor(output / 2) : output;
  for (let token = 0; token < until; token += 1) {
    if (response.destroyed) return;
    charge(bill, 0, 1);
    await write(chunk({ delta: token === 0 ? { role: 'assistant', content: 'word' } : { content: 'word' } }));
  }
  if (isStalling) return;
  await write(chunk({ delta: {}, finish_reason: 'stop' }));
  await write({ ...HEAD, object: 'chat.completion.chunk', choices: [], usage: usageOf(input, output) });
  response.end('data: [DONE]\n\n');
}

const HEAD = { id: 'chatcmpl-bill', created: 1_700_000_000, model: 'load' };

const chunk = (choice: object): object => ({
  ...HEAD,
  object: 'chat.completion.chunk',
  choices: [{ index: 0, finish_reason: null, ...choice }],
});

const usageOf = (input: number, output: number): object => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
});

function wholeReply(input: number, output: number): object {
  const message = { role: 'assistant', content: 'word'.repeat(output), refusal: null };
  return {
    ...HEAD,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: usageOf(input, output),
  };
}

function readOrder({ json }: UpstreamRequest): { order: Order; prompt: string; outputMax: number } {
  const messages = json?.messages;
  const [first] = Array.isArray(messages) ? messages : [];
  const prompt: string = first?.content ?? '{}';
  const cap = json?.max_completion_tokens ?? json?.max_tokens;
  return {
    order: JSON.parse(prompt),
    prompt,
    outputMax: typeof cap === 'number' ? cap : Number.POSITIVE_INFINITY,
  };
}
