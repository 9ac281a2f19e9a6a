import type { IncomingHttpHeaders } from 'node:http';
import type { Outcome } from '@app/gateway';
import { GatewayError } from '@app/protocol';

const TAGS_MAX = 20;
const TAG = /^[\x20-\x7e]{1,64}$/;

/** `x-tokenrouter-tags`: labels that limits and traces may count by, separated by commas. */
export function readTags(headers: IncomingHttpHeaders): Outcome<readonly string[]> {
  const value = headers['x-tokenrouter-tags'];
  if (value === undefined || value === '') return { ok: true, value: NONE };
  const tags = [
    ...new Set(
      String(value)
        .split(',')
        .map((tag) => tag.trim()),
    ),
  ].filter((tag) => tag !== '');
  if (tags.length <= TAGS_MAX && tags.every((tag) => TAG.test(tag))) return { ok: true, value: tags };
  const message = `The header x-tokenrouter-tags takes at most ${TAGS_MAX} labels of at most 64 printable ASCII characters each, separated by commas.`;
  const detail = { param: 'x-tokenrouter-tags', retryable: false };
  return { ok: false, error: new GatewayError('invalid_parameter', message, detail) };
}

const NONE: readonly string[] = [];
