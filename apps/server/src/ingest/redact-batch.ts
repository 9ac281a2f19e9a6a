import type { JsonObject } from '@app/protocol';
import type { Redaction } from '@app/redact';
import {
  type Batch,
  dropTokens,
  type ProjectRedactors,
  type ReceivedScore,
  type ReceivedSpan,
} from '@app/tracing';
import { redactJudgement } from '../traces/redact-judgement.ts';

/**
 * The batch with private values taken out of every text in it. How many of each type is written beside each span, added to
 * what its sender took out.
 */
export function redactBatch(batch: Batch, redactors: ProjectRedactors): Batch {
  return {
    ...batch,
    spans: batch.spans.map((span) => redactSpan(span, redactors)),
    scores: batch.scores.map((score) => redactScore(score, redactors)),
  };
}

function redactSpan(received: ReceivedSpan, redactors: ProjectRedactors): ReceivedSpan {
  const content = redactors.content.begin();
  const names = redactors.names.begin();
  const name = content.text(received.name);
  if (received.source === 'otlp') {
    const redacted = {
      ...received,
      name,
      statusMessage: content.text(received.statusMessage),
      attributes: redactAttributes(received.attributes, content, names),
      resource: redactAttributes(received.resource, content, names),
      events: received.events.map((event) => ({
        ...event,
        name: content.text(event.name),
        attributes: redactAttributes(event.attributes, content, names),
      })),
      links: received.links.map((link) => ({
        ...link,
        attributes: redactAttributes(link.attributes, content, names),
      })),
      scope: { name: names.text(received.scope.name), version: names.text(received.scope.version) },
      ...(received.traceState !== undefined && { traceState: names.text(received.traceState) }),
    };
    return { ...redacted, redactions: sumOf([content.counts(), names.counts()]) };
  }
  const span = redactPlain(received.span, content, names);
  const { traceName, environment, release, service } = received;
  const word = (value: string | undefined) => (value === undefined ? undefined : names.text(value));
  const redactions = sumOf([received.span.redactions ?? {}, content.counts(), names.counts()]);
  return {
    ...received,
    name,
    span: { ...span, redactions },
    traceName: traceName === undefined ? undefined : content.text(traceName),
    environment: word(environment),
    release: word(release),
    service: word(service),
  };
}

type Plain = Exclude<ReceivedSpan, { source: 'otlp' }>['span'];

/** Short words by which spans are filtered and grouped: the same value has the same name wherever it is. */
const WORDS = [
  ...([
    'user_id',
    'session_id',
    'provider',
    'model',
    'model_asked',
    'finish_reason',
    'service_tier',
  ] as const),
  ...(['request_id', 'gateway_request_id'] as const),
];

/** Ids of traces and spans, times, counts and the words of closed lists hold nothing private; all else does or may. */
function redactPlain(span: Plain, content: Redaction, names: Redaction): Plain {
  const { error, tags, prompt, input, output, metadata, tool_name } = span;
  const words = WORDS.flatMap((word) => {
    const value = span[word];
    return value === undefined || (IDS.has(word) && ID.test(value))
      ? []
      : [[word, names.text(value)] as const];
  });
  return {
    ...span,
    ...Object.fromEntries(words),
    name: content.text(span.name),
    ...(error && { error: redactError(error, content, names) }),
    ...(tags && { tags: tags.map((tag) => names.text(tag)) }),
    ...(prompt && { prompt: redactPrompt(prompt, content, names) }),
    ...(tool_name !== undefined && { tool_name: content.text(tool_name) }),
    ...(input !== undefined && { input: content.value(dropTokens(input)) }),
    ...(output !== undefined && { output: content.value(dropTokens(output)) }),
    ...(metadata && { metadata: content.value(dropTokens(metadata)) }),
  };
}

/** Calls are joined by these. A random id may look like a key of somebody's, so one that is nothing but an id stays. */
const IDS: ReadonlySet<string> = new Set(['request_id', 'gateway_request_id']);
const ID = /^(?=.*[A-Za-z])[A-Za-z0-9_-]{8,80}$/;

type Fault = NonNullable<Plain['error']>;

function redactError({ code, message, ...error }: Fault, content: Redaction, names: Redaction): Fault {
  return {
    ...error,
    ...(code !== undefined && { code: names.text(code) }),
    ...(message !== undefined && { message: content.text(message) }),
  };
}

type Prompt = NonNullable<Plain['prompt']>;

function redactPrompt({ name, version }: Prompt, content: Redaction, names: Redaction): Prompt {
  return { name: content.text(name), ...(version !== undefined && { version: names.text(version) }) };
}

/** Who or which conversation it was. */
const NAMING =
  /(?:^|[._])(?:user|enduser|session|conversation)(?:[._]?id)$|^tag\.tags$|^langfuse\.trace\.tags$/i;

/**
 * Numbers stay: they are counts and times here, and a name such as `tokens` would make a secret of them. What names a
 * session is none either, though its name would say so.
 */
function redactAttributes(attributes: JsonObject, content: Redaction, names: Redaction): JsonObject {
  const redacted: JsonObject = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) put(redacted, key, value);
    else if (NAMING.test(key)) put(redacted, key, names.value([value])[0] ?? null);
    else {
      for (const [name, each] of Object.entries(content.value(dropTokens({ [key]: value })))) {
        if (each !== undefined) put(redacted, name, each);
      }
    }
  }
  return redacted;
}

function put(object: JsonObject, key: string, value: JsonObject[string]): void {
  if (key !== '__proto__') object[key] = value;
}

function redactScore(score: ReceivedScore, redactors: ProjectRedactors): ReceivedScore {
  const { scoreId } = score;
  return {
    ...score,
    ...redactJudgement(score, redactors),
    scoreId: ID.test(scoreId) ? scoreId : redactors.names.begin().text(scoreId),
  };
}

function sumOf(all: readonly { [type: string]: number }[]): { [type: string]: number } {
  const sum: { [type: string]: number } = {};
  for (const counts of all)
    for (const [type, count] of Object.entries(counts)) sum[type] = (sum[type] ?? 0) + count;
  return sum;
}
