/** A configuration file with one OpenAI-compatible provider on this machine and limits that no load reaches. */
export function providerConfig(url: string, more: { key?: string; defaults?: string[] } = {}): string {
  return [
    'providers:',
    '  - id: local',
    '    dialect: openai-chat',
    `    base_url: ${url}/v1`,
    ...(more.key === undefined ? [] : [`    api_key: ${more.key}`]),
    '    models: [load]',
    'models:',
    '  - id: local/load',
    '    price: { input: 1, output: 2 }',
    'allow_private_hosts: [127.0.0.1]',
    'defaults:',
    '  requests_per_minute: 10000000',
    '  concurrency: 10000',
    ...(more.defaults ?? []).map((line) => `  ${line}`),
    '',
  ].join('\n');
}
