import type { Workload } from './measure.ts';

const question = 'Tell me about the history of bridges. '.repeat(50);
const messages = [{ role: 'user', content: question }];

/** 2 KB in, 1 KB out; streams of 100 chunks; the same whole reply asked for in the other dialect. */
export function workloadsOf(requests: number): Workload[] {
  return [
    {
      name: 'whole reply',
      path: '/v1/chat/completions',
      requests,
      body: (model) => JSON.stringify({ model, messages }),
    },
    {
      name: 'stream of 100 chunks',
      path: '/v1/chat/completions',
      requests: Math.ceil(requests / 10),
      // Portkey's published gateway answers these with 500.
      subjects: ['bare Node proxy', 'tokenrouter', 'nginx'],
      body: (model) => JSON.stringify({ model, stream: true, messages }),
    },
    {
      name: 'whole reply, translated',
      path: '/v1/messages',
      requests,
      subjects: ['tokenrouter'],
      body: (model) => JSON.stringify({ model, max_tokens: 500, messages }),
    },
  ];
}
