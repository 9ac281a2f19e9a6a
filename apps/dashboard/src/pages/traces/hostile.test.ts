import type { Trace } from '@app/contract';
import { createElement, type FunctionComponent } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Losses } from './losses.tsx';
import { PlainJson } from './plain-json.tsx';
import { ReplyView } from './reply-view.tsx';
import { RequestView } from './request-view.tsx';

const EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>';
const LINKS = ['javascript:alert(1)', 'data:text/html,<script>', 'https://ok.example/page'];
const MEGABYTES = 'A'.repeat(8_000_000);
const summary = { error_code: null, provider: 'p' };

const drawn = <Props extends object>(view: FunctionComponent<Props>, props: Props) =>
  renderToStaticMarkup(createElement(view, props));
const request = (body: object, route = '/v1/chat/completions') => {
  const trace = { request: body as Trace['request'], capture: 'full' as const, route, summary };
  return drawn(RequestView, { trace });
};
const reply = (parts: object[], route = '/v1/chat/completions') => {
  const trace = { reply: { parts, stop: 'end' } as Trace['reply'], capture: 'full' as const, route, summary };
  return drawn(ReplyView, { trace });
};
/** Gives how many addresses the markup leads to. */
const expectHarmless = (markup: string) => {
  expect(markup).not.toMatch(/<script|<img src=x|<iframe|<object|<audio|<video|srcdoc/i);
  const addresses = [...markup.matchAll(/\s(href|src)="([^"]*)"/g)];
  for (const [, name, value] of addresses) {
    expect(`${name}=${value}`).toMatch(/^(href=https?:\/\/|src=data:image\/(png|jpeg|gif|webp);base64,)/);
  }
  return addresses.length;
};

test('citations lead only to pages, say nothing of where from, and tell the addresses they do not follow', () => {
  const citations = LINKS.map((url) => ({ url, title: EVIL, end: 2, quote: EVIL }));
  const markup = reply([{ kind: 'text', text: `See ${EVIL}`, citations }]);
  expect(expectHarmless(markup)).toBe(2);
  expect(markup).toContain('href="https://ok.example/page"');
  expect(markup).toContain('javascript:alert(1)');
  for (const [link] of markup.matchAll(/<a [^>]*>/g))
    expect(link).toContain('rel="noreferrer noopener nofollow"');
});

test('names, roles, types and addresses of a request are text and nothing else', () => {
  const content = [
    ...LINKS.map((url) => ({ type: 'image_url', image_url: { url } })),
    { type: 'file', file: { filename: EVIL, file_data: 'data:text/html;base64,PHNjcmlwdD4=' } },
    { type: 'input_audio', input_audio: { format: EVIL, data: 'AAAA' } },
    { type: 'tool_use', name: EVIL, input: EVIL },
    { type: EVIL, [EVIL]: EVIL },
  ];
  expectHarmless(request({ messages: [{ role: EVIL, content }], [EVIL]: EVIL }));
  expectHarmless(request({ input: content, instructions: EVIL }, '/v1/responses'));
  const parts = [{ inlineData: { mimeType: EVIL, data: EVIL } }, { fileData: { fileUri: LINKS[0] } }];
  expectHarmless(request({ contents: [{ role: EVIL, parts }] }, '/v1beta/models/{model}:generateContent'));
});

test('what the model made and what nobody knows is text and nothing else', () => {
  const parts = [
    { kind: 'media', mediaType: 'image/svg+xml', data: btoa(EVIL) },
    { kind: 'media', mediaType: EVIL, data: EVIL, transcript: EVIL },
    { kind: 'opaque', dialect: EVIL, value: { type: EVIL } },
    { kind: EVIL, text: EVIL },
    { kind: 'thinking', text: '', signature: { maker: EVIL, value: EVIL } },
    { kind: 'refusal', text: EVIL },
  ];
  expectHarmless(reply(parts));
  expectHarmless(drawn(Losses, { losses: [{ path: EVIL, why: EVIL }] }));
  expectHarmless(drawn(PlainJson, { value: { [EVIL]: EVIL } }));
});

test('megabytes of base64 are told in a line', () => {
  const parts = ['image/png', 'audio/wav', 'video/mp4'].map((mediaType) => ({
    kind: 'media',
    mediaType,
    data: MEGABYTES,
  }));
  expect(reply(parts).length).toBeLessThan(10_000);
  const url = `data:image/png;base64,${MEGABYTES}`;
  const content = [{ type: 'image_url', image_url: { url } }];
  expect(request({ messages: [{ role: 'user', content }] }).length).toBeLessThan(10_000);
});

test('thousands of messages, parts and inputs are drawn a few at a time', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => ({ type: 'text', text: `part ${at}` }));
  expect(request({ messages: [{ role: 'user', content: many }] }).length).toBeLessThan(60_000);
  expect(request({ input: many }, '/v1/embeddings').length).toBeLessThan(60_000);
});

test.each([
  ['/v1/files', 'forms are not recorded'],
  ['/v1/realtime', 'Each of its responses is'],
  ['/v1/batches/{id}', 'in its address'],
  ['/v1/chat/completions', 'recorded without its content'],
])('a record of %s without a request says why', (route, why) => {
  const trace = { request: null, capture: 'metadata' as const, route, summary };
  expect(drawn(RequestView, { trace })).toContain(why);
});
