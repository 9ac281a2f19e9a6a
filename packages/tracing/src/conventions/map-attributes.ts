import type { Json, JsonObject } from '@app/protocol';
import type { AttributedSpan } from '../received/received-span.ts';
import type { Convention, TextField } from './convention.ts';
import { type Counts, disjointUsage, HOLDS_ALL } from './disjoint-usage.ts';
import { findBoolean, findJson, findNumber, findText } from './find-attribute.ts';
import { findConvention } from './find-convention.ts';
import type { MappedSpan } from './mapped-span.ts';
import { guessProvider, nameProvider, providerAt } from './name-provider.ts';
import { SHARED_COSTS, SHARED_TAGS } from './shared-names.ts';

/**
 * What the attributes of a span mean, by the convention of its sender. Pure, and never throws: an attribute of another
 * type than its convention says is as good as none. Takes microseconds.
 */
export function mapAttributes(span: AttributedSpan): MappedSpan {
  const convention = findConvention(span);
  const kind = convention.kindOf(span);
  const mapped: MappedSpan = {
    convention: convention.id,
    type: kind.type,
    isCall: kind.isCall,
    usage: {},
    billing: {},
    tags: tagsOf(span.attributes, convention),
  };
  putTexts(mapped, span, convention);
  putError(mapped, span);
  putStream(mapped, span, convention);
  if (kind.isCall || mapped.modelAsked !== undefined || mapped.model !== undefined) {
    putProvider(mapped, span, convention);
  }
  // What sums the calls below it has counts too: they are the calls' own, once more.
  if (kind.isCall) putUsage(mapped, span, convention);
  convention.more?.(span, mapped);
  putNames(mapped, span);
  return mapped;
}

/** What is called by its span's name alone: a tool, and an agent that is a trace of its own. */
function putNames(mapped: MappedSpan, { name, parentSpanId, attributes }: AttributedSpan): void {
  if (mapped.type === 'tool') mapped.toolName ??= cut(name.replace(/^execute_tool /, ''), NAME_CHARS_MAX);
  const agent = parentSpanId === '' ? findText(attributes, AGENT) : undefined;
  if (agent !== undefined) mapped.traceName ??= cut(agent, NAME_CHARS_MAX);
}

const AGENT = ['gen_ai.agent.name'];

const NAME_CHARS_MAX = 200;

/** The columns that hold one text each, and the most characters of it. */
const TEXTS: readonly [field: Exclude<TextField, 'provider' | 'serviceTier'>, charsMax: number][] = [
  ['name', NAME_CHARS_MAX],
  ['traceName', NAME_CHARS_MAX],
  ['modelAsked', NAME_CHARS_MAX],
  ['model', NAME_CHARS_MAX],
  ['responseId', NAME_CHARS_MAX],
  ['gatewayRequestId', NAME_CHARS_MAX],
  ['finishReason', 64],
  ['toolName', NAME_CHARS_MAX],
  ['sessionId', 256],
  ['userId', 256],
  ['environment', 64],
  ['release', NAME_CHARS_MAX],
  ['promptName', NAME_CHARS_MAX],
  ['promptVersion', 64],
];

/** Told by the span, else by whoever runs it. */
const OF_RESOURCE: ReadonlySet<TextField> = new Set(['environment', 'release', 'sessionId', 'userId']);

function putTexts(mapped: MappedSpan, { attributes, resource }: AttributedSpan, { texts }: Convention): void {
  for (const [field, charsMax] of TEXTS) {
    const names = texts[field];
    if (names === undefined) continue;
    let text = findText(attributes, names);
    if (text === undefined && OF_RESOURCE.has(field)) text = findText(resource, names);
    if (text !== undefined) mapped[field] = cut(text, charsMax);
  }
  const service = findText(resource, SERVICE);
  if (service !== undefined && !service.startsWith('unknown_service'))
    mapped.service = cut(service, NAME_CHARS_MAX);
  const tier = findText(attributes, texts.serviceTier ?? []);
  if (tier !== undefined) mapped.billing = { serviceTier: cut(tier, 64) };
}

const SERVICE = ['service.name'];
const STATUS = ['http.response.status_code', 'http.status_code'];
const ERROR_CODE = ['error.type', 'exception.type'];
const ERROR_MESSAGE = ['error.message', 'exception.message'];
const FAILED = 2;
const MESSAGE_CHARS_MAX = 4_000;

/** Only a span that failed has an error; what an event of an exception says of it comes second. */
function putError(mapped: MappedSpan, span: AttributedSpan): void {
  const { attributes } = span;
  const status = findNumber(attributes, STATUS);
  if (status !== undefined && status >= 100 && status <= 599) mapped.status = status;
  const code = findText(attributes, ERROR_CODE);
  if (code === undefined && span.statusCode !== FAILED) return;
  const event = span.events.findLast(({ name }) => name === 'exception')?.attributes ?? {};
  const errorCode = code ?? findText(event, ERROR_CODE);
  if (errorCode !== undefined) mapped.errorCode = cut(errorCode, NAME_CHARS_MAX);
  const message = span.statusMessage || findText(attributes, ERROR_MESSAGE) || findText(event, ERROR_MESSAGE);
  if (message) mapped.errorMessage = cut(message, MESSAGE_CHARS_MAX);
  const told = Number(errorCode);
  if (mapped.status === undefined && Number.isInteger(told) && told >= 100 && told <= 599)
    mapped.status = told;
}

function putStream(mapped: MappedSpan, span: AttributedSpan, convention: Convention): void {
  const { attributes } = span;
  const stream = findBoolean(attributes, convention.streams ?? []);
  const ttftMs = ttftOf(span, convention);
  if (ttftMs !== undefined && ttftMs >= 0) mapped.ttftMs = ttftMs;
  if (stream !== undefined) mapped.stream = stream;
  else if (mapped.ttftMs !== undefined) mapped.stream = true;
}

function ttftOf(span: AttributedSpan, convention: Convention): number | undefined {
  const ms = findNumber(span.attributes, convention.ttftMs ?? []);
  if (ms !== undefined) return ms;
  const seconds = findNumber(span.attributes, convention.ttftSeconds ?? []);
  if (seconds !== undefined) return seconds * 1_000;
  const at = findText(span.attributes, convention.ttftAt ?? []);
  if (at !== undefined) {
    const moment = Date.parse(at.replaceAll('"', ''));
    return Number.isNaN(moment) ? undefined : moment - span.startedAtMs;
  }
  if (convention.ttftEvent === undefined) return undefined;
  const event = span.events.find(({ name }) => name === convention.ttftEvent);
  return event === undefined ? undefined : event.atMs - span.startedAtMs;
}

/** A known host comes before the name: clients of OpenAI's are pointed at many servers, and still call them OpenAI. */
function putProvider(mapped: MappedSpan, { attributes }: AttributedSpan, { texts }: Convention): void {
  const host = findText(attributes, HOSTS);
  const named =
    (host === undefined ? undefined : providerAt(host)) ?? providerNamed(attributes, texts.provider ?? []);
  if (named !== undefined) {
    mapped.provider = cut(named, NAME_CHARS_MAX);
    return;
  }
  const guessed = guessProvider(mapped.model ?? mapped.modelAsked ?? '');
  if (guessed === undefined) return;
  mapped.provider = guessed;
  mapped.isProviderGuessed = true;
}

const HOSTS = ['server.address', 'gen_ai.openai.api_base', 'llm.openai.api_base', 'net.peer.name'];

function providerNamed(attributes: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const said = findText(attributes, [name]);
    const provider = said === undefined ? undefined : nameProvider(said);
    if (provider !== undefined) return provider;
  }
  return undefined;
}

function putUsage(mapped: MappedSpan, span: AttributedSpan, convention: Convention): void {
  const { attributes } = span;
  const counts: Counts = convention.countsOf?.(span) ?? readCounts(attributes, convention);
  const { usage, isEstimated } = disjointUsage(
    counts,
    convention.ruleOf?.(mapped.provider, span) ?? HOLDS_ALL,
  );
  mapped.usage = usage;
  if (isEstimated) mapped.billing = { ...mapped.billing, estimated: true };
  const usd = findNumber(attributes, convention.costs ?? SHARED_COSTS);
  if (usd !== undefined && usd >= 0) mapped.givenUsd = usd;
}

function readCounts(attributes: JsonObject, { tokens }: Convention): Counts {
  const counts: Counts = {};
  for (const name in tokens) {
    const count = findNumber(attributes, tokens[name as keyof Counts] ?? []);
    if (count !== undefined) counts[name as keyof Counts] = count;
  }
  return counts;
}

const TAGS_MAX = 50;
const TAG_CHARS_MAX = 64;

/** A list, or a text that holds one as JSON. */
function tagsOf(attributes: JsonObject, { tags }: Convention): string[] {
  const found: Json | undefined = findJson(attributes, tags ?? SHARED_TAGS);
  const list = Array.isArray(found) ? found : typeof found === 'string' ? found.split(',') : [];
  const words = list.flatMap((tag) => (typeof tag === 'string' && tag.trim() !== '' ? [tag.trim()] : []));
  return [...new Set(words.slice(0, TAGS_MAX).map((tag) => cut(tag, TAG_CHARS_MAX)))];
}

/** At most so many characters, never half a code point. */
function cut(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : text.slice(0, charsMax).toWellFormed();
}
