import { GatewayError } from '@app/protocol';
import { expect, test } from 'vitest';
import { parseAllowedHosts } from './allowed-hosts.ts';
import { parseBaseUrl } from './base-url.ts';

const allowedHosts = parseAllowedHosts(['ollama.internal']);

test.each(['https://api.example.com/v1', 'http://ollama.internal:11434/v1', 'https://ollama.internal'])(
  '%s is a base URL',
  (baseUrl) => {
    expect(parseBaseUrl(baseUrl, allowedHosts).href).toContain(baseUrl);
  },
);

test.each([
  ['', /not an http or https URL/],
  ['api.example.com', /not an http or https URL/],
  ['file:///etc/passwd', /not an http or https URL/],
  ['ftp://example.com', /not an http or https URL/],
  ['https://user:secret@example.com', /user name or password/],
  ['http://api.example.com', /not https/],
])('%s is refused', (baseUrl, message) => {
  expect(() => parseBaseUrl(baseUrl, allowedHosts)).toThrow(message);
  expect(() => parseBaseUrl(baseUrl, allowedHosts)).toThrow(GatewayError);
});
