/** The filter that finds the calls of a prompt, or of one of its versions. */
export function promptFilter(promptId: string, version: string): string {
  const [kind = '', ...rest] = promptId.split(':');
  const prompt =
    kind === 'name' ? `prompt:${quote(rest.join(':'))}` : `prompt_digest:${quote(rest.join(':'))}`;
  return version === '' || kind !== 'name' ? prompt : `${prompt} prompt_version:${quote(version)}`;
}

const quote = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;
