import { isObject, type Json } from '@app/protocol';
import type { AttributedSpan } from '../received/received-span.ts';
import { chatContent, plainContent } from './content/chat-content.ts';
import type { Convention, SpanKind } from './convention.ts';
import { findJson, findText } from './find-attribute.ts';
import type { MappedContent } from './mapped-span.ts';
import { genaiContent, kindOfOperation, otelGenai, toolContent } from './otel-genai.ts';
import { withShared } from './shared-names.ts';

/** Logfire and Pydantic AI. Source: ai.pydantic.dev/logfire and the packages' instrumentation. */
export const logfire: Convention = {
  ...otelGenai,
  id: 'logfire',
  texts: withShared({
    environment: ['deployment.environment.name'],
    promptName: ['gen_ai.prompt.name', 'logfire.prompt_name'],
  }),
  kindOf,
  contentOf,
};

/** An agent's run has the sum of its calls' counts, and its whole conversation. */
function kindOf(span: AttributedSpan): SpanKind {
  const { attributes } = span;
  const isRun = AGENT_MARKS.some((mark) => attributes[mark] !== undefined);
  if (isRun && findText(attributes, ['gen_ai.operation.name']) !== 'chat')
    return { type: 'agent', isCall: false };
  // Logfire's own instrumentation of OpenAI's client writes the request and the reply whole.
  if (isObject(findJson(attributes, ['request_data'])) && attributes['gen_ai.request.model'] !== undefined) {
    return kindOfRequest(span);
  }
  return kindOfOperation(span);
}

const AGENT_MARKS = ['pydantic_ai.all_messages', 'all_messages_events', 'final_result'];

function kindOfRequest(span: AttributedSpan): SpanKind {
  const kind = kindOfOperation(span);
  return kind.isCall ? kind : { type: 'generation', isCall: true };
}

const FINISHED = ['gen_ai.response.finish_reasons'];

function contentOf(span: AttributedSpan, kind: SpanKind): MappedContent {
  const { attributes } = span;
  if (kind.type === 'tool') return toolContent(attributes);
  if (kind.type === 'agent') {
    const all = findJson(attributes, [
      'pydantic_ai.all_messages',
      'all_messages_events',
      'gen_ai.input.messages',
    ]);
    return { ...chatContent({ attributes, input: all, output: findJson(attributes, ['final_result']) }) };
  }
  const request = findJson(attributes, ['request_data']);
  if (isObject(request)) {
    const response = findJson(attributes, ['response_data']);
    const { messages, input, prompt, tools, model: _model, ...params } = request;
    return chatContent({
      attributes,
      input: messages ?? input ?? prompt,
      output: answerOf(response),
      tools,
      params,
    });
  }
  const events = findJson(attributes, ['events']);
  if (Array.isArray(events)) return eventContent(span, events);
  const content = genaiContent(span, kind);
  if (kind.isCall || content.request !== null) return content;
  return plainContent(
    findJson(attributes, ['input', 'logfire.msg']),
    findJson(attributes, ['return', 'output']),
  );
}

/** Pydantic AI's first form: the events of the call as one list, the last of which is the choice. */
function eventContent({ attributes }: AttributedSpan, events: readonly Json[]): MappedContent {
  const isChoice = (event: Json) => isObject(event) && event['event.name'] === 'gen_ai.choice';
  return chatContent({
    attributes,
    input: events.filter((event) => !isChoice(event)),
    output: events.filter(isChoice),
    finishReason: findText(attributes, FINISHED),
  });
}

function answerOf(response: Json | undefined): Json | undefined {
  if (!isObject(response)) return response;
  return response.message ?? response.combined_chunk_content ?? response.text ?? response;
}
