import type { Headers } from '../reply/reply-headers.ts';
import type { AnswerHead } from './unary-exchange.ts';

/** What a browser would never run, whoever made it. */
const PASSED =
  /^(?:application\/(?:json|jsonl|x-ndjson|octet-stream|x-subrip|pdf|zip)|text\/(?:plain|vtt|csv|event-stream)|audio\/[\w.+-]{1,40}|image\/(?:png|jpeg|webp|gif))(?: ?; ?[\w-]{1,20}=[\w."+-]{1,40}){0,3}$/i;

/** Headers of an answer whose bytes go on as they came: its type when it is a harmless one, and no word of the provider's else. */
export function passHeaders({ contentType }: AnswerHead, isOpaque: boolean): Headers {
  const type = PASSED.test(contentType) ? contentType : 'application/octet-stream';
  const headers: Headers = { 'content-type': type };
  if (isEventStream(type)) {
    headers['cache-control'] = 'no-store';
    headers['x-accel-buffering'] = 'no';
  }
  // Somebody's file, opened in a browser, must not act in our name.
  if (isOpaque) {
    headers['content-disposition'] = 'attachment';
    headers['content-security-policy'] = "default-src 'none'; sandbox";
  }
  return headers;
}

export function isEventStream(contentType: string): boolean {
  return /^text\/event-stream\b/i.test(contentType);
}

export function isJson(contentType: string): boolean {
  return /^application\/json\b/i.test(contentType);
}
