/** Makes the names of what is kept: a kind's prefix and a part that is never the same. */
export type NewId = (prefix: `${string}_`) => string;

const REQUEST = /^(?:tr_)?req_([0-9a-z]{26})$/;
const RESPONSE = /^resp_[0-9a-z]{26}$/;
const CONVERSATION = /^conv_[0-9a-z]{26}$/;

/** The name of the reply to a request. */
export function responseId(requestId: string): string {
  return `resp_${requestId.slice(requestId.indexOf('_') + 1)}`;
}

/** The name of a reply, from its own or its request's. Undefined for what is neither. */
export function parseResponseId(text: string): string | undefined {
  if (RESPONSE.test(text)) return text;
  const [, suffix] = REQUEST.exec(text) ?? [];
  return suffix === undefined ? undefined : `resp_${suffix}`;
}

export function isConversationId(text: string): boolean {
  return CONVERSATION.test(text);
}
