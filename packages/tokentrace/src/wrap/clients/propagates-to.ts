/** Where makers of models answer themselves: they have no use for the ids of our spans. */
const PUBLIC_HOSTS = [
  'api.openai.com',
  'api.anthropic.com',
  'googleapis.com',
  'openai.azure.com',
  'cognitiveservices.azure.com',
  'services.ai.azure.com',
];

/** True when a call to this address may go through a gateway of ours, which joins its own record to our span. */
export function propagatesTo(baseUrl: string | undefined): boolean {
  const host = hostOf(baseUrl);
  return host !== undefined && !PUBLIC_HOSTS.some((known) => host === known || host.endsWith(`.${known}`));
}

export function hostOf(baseUrl: string | undefined): string | undefined {
  if (baseUrl === undefined) return undefined;
  try {
    return new URL(baseUrl).hostname;
  } catch {
    return undefined;
  }
}
