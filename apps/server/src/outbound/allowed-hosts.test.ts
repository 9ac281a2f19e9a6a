import { expect, test } from 'vitest';
import { parseAllowedHosts } from './allowed-hosts.ts';

const isListed = (entries: string[], baseUrl: string) => {
  const url = new URL(baseUrl);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return parseAllowedHosts(entries).isListed(url.hostname, port);
};

test.each([
  ['ollama.internal', 'http://ollama.internal:11434'],
  ['ollama.internal', 'http://OLLAMA.internal.:11434'],
  ['Ollama.Internal.', 'http://ollama.internal'],
  ['ollama.internal:11434', 'http://ollama.internal:11434'],
  ['vllm.internal:443', 'https://vllm.internal'],
  ['vllm.internal:80', 'http://vllm.internal'],
  ['127.0.0.1', 'http://127.0.0.1:8080'],
  ['127.0.0.1', 'http://2130706433'],
  ['127.0.0.1', 'http://0x7f.1'],
  ['::1', 'http://[::1]:8080'],
  ['[::1]:8080', 'http://[::1]:8080'],
  ['[0:0::1]', 'http://[::1]'],
  ['bücher.example', 'http://xn--bcher-kva.example'],
])('%s lists %s', (entry, baseUrl) => {
  expect(isListed([entry], baseUrl)).toBe(true);
});

test.each([
  ['ollama.internal', 'http://other.internal'],
  ['ollama.internal', 'http://sub.ollama.internal'],
  ['ollama.internal:11434', 'http://ollama.internal:11435'],
  ['localhost', 'http://127.0.0.1'],
  ['127.0.0.1', 'http://127.0.0.2'],
  ['[::1]:8080', 'http://[::1]:8081'],
])('%s does not list %s', (entry, baseUrl) => {
  expect(isListed([entry], baseUrl)).toBe(false);
});

test.each(['', 'http://ollama', 'a/b', 'user@host', '*.internal', 'a b', '10.0.0.0/8', 'host:port'])(
  'the entry "%s" is refused with a sentence',
  (entry) => {
    expect(() => parseAllowedHosts([entry])).toThrow(/allow_private_hosts/);
  },
);
