import type { Message } from './message.ts';

const TITLE_CHARS_MAX = 140;
const TEXT_CHARS_MAX = 2_800;
const MARKS: Record<Message['severity'], string> = { info: '', warning: 'Warning: ', critical: 'Critical: ' };

/**
 * A message as the body of a Slack incoming webhook (docs.slack.dev, "Sending messages using incoming webhooks"). What
 * callers wrote in it cannot mention anybody, make a link or be markup.
 */
export function writeSlack(message: Message, url: string | undefined): string {
  const title = disarm(`${MARKS[message.severity]}${message.title}`.slice(0, TITLE_CHARS_MAX));
  const text = disarm(message.text.slice(0, TEXT_CHARS_MAX));
  const link = url === undefined ? [] : [`<${url}|Open in TokenRouter>`];
  return JSON.stringify({
    // Shown by notifications and by servers that know no blocks.
    text: [title, text, ...link].filter((part) => part !== '').join('\n'),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
      ...(text === '' ? [] : [{ type: 'section', text: { type: 'plain_text', text, emoji: false } }]),
      ...link.map((each) => ({ type: 'context', elements: [{ type: 'mrkdwn', text: each }] })),
    ],
    link_names: false,
    parse: 'none',
    unfurl_links: false,
    unfurl_media: false,
  });
}

const BREAK = '\u200B';

/**
 * `&`, `<` and `>` are what Slack's markup begins with. The rest is found by Slack itself in plain text: names after an
 * `@`, addresses with a scheme, and what looks like a domain. A space without width ends each of them.
 */
function disarm(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, `@${BREAK}`)
    .replace(/:(?=\/\/|[^\s/]+@)/g, `:${BREAK}`)
    .replace(/\.(?=\p{L}{2})/gu, `.${BREAK}`)
    .replace(/[*_~`]/g, (mark) => `${BREAK}${mark}`);
}
