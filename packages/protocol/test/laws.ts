import {
  type AssistantPart,
  type Call,
  type CallerDialectId,
  collect,
  type Dialect,
  type Event,
  explode,
  type Frame,
  openSseReader,
  type Reply,
  writeFrame,
} from '../src/index.ts';

/** A call that asks for everything a stream can hold. */
export const streamedCall: Call = {
  model: 'any',
  system: [],
  messages: [{ role: 'user', parts: [{ kind: 'text', text: 'Hello' }] }],
  tools: [],
  sampling: {},
  stop: [],
  stream: true,
  streamUsage: true,
  extra: { dialect: 'openai-chat', fields: {} },
};

/** The frames of a stream whose bytes arrive in pieces of these sizes, over and over. */
export function framesOf(bytes: Uint8Array, sizes: readonly number[]): Frame[] {
  const reader = openSseReader();
  const frames: Frame[] = [];
  let place = 0;
  for (let at = 0; at < bytes.length; ) {
    const size = Math.max(1, sizes[place % sizes.length] ?? bytes.length);
    // A copy that is overwritten after use, as a socket does with its memory.
    const piece = Uint8Array.from(bytes.subarray(at, at + size));
    for (const frame of reader.read(piece)) {
      frames.push(frame.bytes === undefined ? frame : { ...frame, bytes: Uint8Array.from(frame.bytes) });
    }
    piece.fill(0);
    at += size;
    place += 1;
  }
  return [...frames, ...reader.end()];
}

export function eventsOf(dialect: Pick<Dialect, 'outbound'>, frames: readonly Frame[]): Event[] {
  const reader = dialect.outbound.openReader();
  return [...frames.flatMap((frame) => reader.read(frame)), ...reader.end()];
}

/** The text of a stream that carries these events. */
export function written(dialect: Dialect, events: readonly Event[], call = streamedCall): string {
  const writer = dialect.inbound.openWriter(call);
  return [...events.flatMap((event) => writer.write(event)), ...writer.end()].map(writeFrame).join('');
}

export function throughStream(dialect: Dialect, reply: Reply): Reply {
  const text = written(dialect, explode(reply));
  return collect(eventsOf(dialect, framesOf(Buffer.from(text), [1_000])));
}

export function throughWhole(dialect: Dialect, reply: Reply): Reply {
  return collect(dialect.outbound.readReply(JSON.parse(JSON.stringify(dialect.inbound.writeReply(reply)))));
}

/** What breaks the grammar of a stream of events, or undefined: law 2. */
export function grammarBreach(events: readonly Event[]): string | undefined {
  const [first] = events;
  const last = events.at(-1);
  if (last?.type !== 'reply-end' && last?.type !== 'error') return 'the stream has no end';
  if (first?.type !== 'reply-start' && first?.type !== 'error')
    return `the stream begins with ${first?.type}`;
  const parts = new Map<number, 'open' | 'closed'>();
  for (const event of events.slice(1)) {
    if (event.type === 'reply-start') return 'the reply starts twice';
    if (event !== last && (event.type === 'reply-end' || event.type === 'error'))
      return `something follows ${event.type}`;
    const breach = partBreach(parts, event);
    if (breach !== undefined) return breach;
  }
  const isOpen = [...parts.values()].includes('open');
  return isOpen && last.type === 'reply-end' ? 'the reply ended with an open part' : undefined;
}

function partBreach(parts: Map<number, 'open' | 'closed'>, event: Event): string | undefined {
  if (event.type === 'part-start') {
    if (parts.has(event.index)) return `part ${event.index} opened twice`;
    parts.set(event.index, 'open');
  }
  if (event.type === 'part-delta' || event.type === 'part-end') {
    if (parts.get(event.index) !== 'open') return `${event.type} of part ${event.index}, which is not open`;
    if (event.type === 'part-end') parts.set(event.index, 'closed');
  }
  return undefined;
}

/** What must survive any dialect: law 5. */
export function essence(reply: Reply): object {
  const { outputText = 0, outputThinking = 0, outputAudio = 0, outputImage = 0 } = reply.usage;
  return {
    text: reply.parts.map((part) => (isSaid(part) ? part.text : '')).join(''),
    toolCalls: reply.parts.flatMap((part) =>
      part.kind === 'tool-call' ? [{ id: part.id, name: part.name, input: parsed(part.input) }] : [],
    ),
    outputTokens: outputText + outputThinking + outputAudio + outputImage,
  };
}

/** What is left of it after these dialects: the oldest one has no word for tool calls. */
export function essenceThrough(reply: Reply, dialects: readonly CallerDialectId[]): object {
  const whole = essence(reply);
  return dialects.includes('openai-completions') ? { ...whole, toolCalls: [] } : whole;
}

/** Where a wire has no word for a refusal, it is a text. */
function isSaid(part: AssistantPart): part is AssistantPart & { kind: 'text' | 'refusal' } {
  return part.kind === 'text' || part.kind === 'refusal';
}

/** Some wires carry a JSON text and others its value; no text is an empty object. */
function parsed(input: string): unknown {
  try {
    return JSON.parse(input === '' ? '{}' : input);
  } catch {
    return input;
  }
}
