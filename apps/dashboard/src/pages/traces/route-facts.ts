/** What a route is called, and what its records can hold. */
export type RouteFacts = {
  name: string;
  /** A conversation with a model, whole or streamed. */
  isConversation: boolean;
  /** Why there is no request in the record even where content is kept; undefined where there is one. */
  noRequest?: string;
};

const FORM = 'It was a form with a file in it, and forms are not recorded.';
const BODYLESS = 'A request of this kind says all that it asks for in its address.';
const SESSION = 'A session’s own messages are not recorded. Each of its responses is.';

const conversation = (name: string): RouteFacts => ({ name, isConversation: true });
const other = (name: string): RouteFacts => ({ name, isConversation: false });
const form = (name: string): RouteFacts => ({ name, isConversation: false, noRequest: FORM });
const bodyless = (name: string): RouteFacts => ({ name, isConversation: false, noRequest: BODYLESS });

const ROUTES = new Map<string, RouteFacts>([
  ['/v1/chat/completions', conversation('Chat Completions')],
  ['/v1/responses', conversation('Responses')],
  ['/v1/messages', conversation('Messages')],
  ['/v1/completions', conversation('Completions')],
  ['/api/route', conversation('Routed call')],
  ['/v1beta/models/{model}:generateContent', conversation('Generate Content')],
  ['/v1beta/models/{model}:streamGenerateContent', conversation('Generate Content')],
  ['/v1/embeddings', other('Embeddings')],
  ['/v1beta/models/{model}:embedContent', other('Embeddings')],
  ['/v1beta/models/{model}:batchEmbedContents', other('Embeddings')],
  ['/v1/messages/count_tokens', other('Token count')],
  ['/v1beta/models/{model}:countTokens', other('Token count')],
  ['/v1/responses/input_tokens', other('Token count')],
  ['/v1/images/generations', other('Images')],
  ['/v1/images/edits', form('Image edit')],
  ['/v1/images/variations', form('Image variation')],
  ['/v1/audio/speech', other('Speech')],
  ['/v1/audio/transcriptions', form('Transcription')],
  ['/v1/audio/translations', form('Audio translation')],
  ['/v1/moderations', other('Moderation')],
  ['/v1/rerank', other('Rerank')],
  ['/v2/rerank', other('Rerank')],
  ['/v1/files', form('Files')],
  ['/v1/files/{id}', bodyless('File')],
  ['/v1/files/{id}/content', bodyless('File content')],
  ['/v1/batches', other('Batches')],
  ['/v1/batches/{id}', bodyless('Batch')],
  ['/v1/batches/{id}/cancel', bodyless('Batch cancellation')],
  ['/v1/realtime', { name: 'Realtime', isConversation: true, noRequest: SESSION }],
]);

/** A route that nobody knows is called by its path and taken for a conversation: a reader shows what it finds. */
export const routeFacts = (route: string): RouteFacts => ROUTES.get(route) ?? conversation(route);

const DIALECTS = new Map([
  ['openai-chat', 'OpenAI Chat'],
  ['openai-responses', 'OpenAI Responses'],
  ['openai-completions', 'OpenAI Completions'],
  ['anthropic-messages', 'Anthropic Messages'],
  ['gemini', 'Gemini'],
]);

/** What a dialect is called by people. */
export const dialectName = (dialect: string): string => DIALECTS.get(dialect) ?? dialect;
