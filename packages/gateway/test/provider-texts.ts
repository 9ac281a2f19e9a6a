/** What providers say, in their own formats, as short as it goes. Written by hand after their documentation. */

export function openAiReply(text = 'Hi.', changes: object = {}): object {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'model-1-0131',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    ...changes,
  };
}

export function openAiChunk(delta: object, finish: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finish }];
  return sse({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'model-1-0131',
    choices,
  });
}

export const openAiUsage = sse({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'model-1-0131',
  choices: [],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
});

const openAiDone = 'data: [DONE]\n\n';
export const openAiRole = openAiChunk({ role: 'assistant', content: '' });

/** The frames of a whole stream that says these words. */
export function openAiStream(...words: string[]): string[] {
  const deltas = words.map((content) => openAiChunk({ content }));
  return [openAiRole, ...deltas, openAiChunk({}, 'stop'), openAiUsage, openAiDone];
}

export function anthropicReply(text = 'Hi.'): object {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-1-0131',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 5 },
  };
}

export const anthropicStart = named({
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-1-0131',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 1 },
  },
});

export const anthropicOverloaded = named({
  type: 'error',
  error: { type: 'overloaded_error', message: 'Overloaded' },
});

/** The frames of a whole stream that says these words. */
export function anthropicStream(...words: string[]): string[] {
  return [
    anthropicStart,
    named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    ...words.map((text) =>
      named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
    ),
    named({ type: 'content_block_stop', index: 0 }),
    named({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }),
    named({ type: 'message_stop' }),
  ];
}

/** The events of a stream as the caller got it; comments are passed over. */
export function dataOf(text: string): string[] {
  return text.split('\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice('data: '.length)] : []));
}

function sse(value: object): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

function named(value: { type: string; [field: string]: unknown }): string {
  return `event: ${value.type}\n${sse(value)}`;
}
