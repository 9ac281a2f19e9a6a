import { createAskOnce } from './ask-once.ts';
import type { Endpoints } from './create-endpoints.ts';

/** Posts a form and gives its whole answer. Rejects with a `GatewayError` when none comes. */
export type PostForm = (url: URL, form: string) => Promise<{ status: number; body: string }>;

export function createPostForm(endpoints: Endpoints): PostForm {
  const ask = createAskOnce(endpoints);
  return (url, form) => ask({ method: 'POST', url, headers: FORM_HEADERS, body: form });
}

const FORM_HEADERS = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
