import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message } from './message.ts';
import { writeSlack } from './write-slack.ts';

const message = (title: string, text = title): Message => ({
  id: 'msg_1',
  kind: 'alert',
  severity: 'critical',
  title,
  text,
  path: '/alerts',
  organizationId: 'org_a',
  projectId: undefined,
  atMs: 0,
  data: {},
});
const OURS = 'https://llm.example.com/alerts';
/** Everything that Slack is given to show, without our own link. */
const shownOf = (title: string): string =>
  JSON.stringify(JSON.parse(writeSlack(message(title), OURS))).replaceAll(
    `<${OURS}|Open in TokenRouter>`,
    '',
  );

test.each([
  '<!channel> look',
  '<!here|here>',
  '<@U024BE7LH>',
  '<https://evil.example/x|your bank>',
  'https://evil.example/x',
  'evil.example',
  'mailto:a@evil.example',
  '@channel @here @everyone',
  '*bold* _it_ ~no~ `code`',
  '&lt;!channel&gt;',
])('%s mentions nobody, makes no link and is no markup', (text) => {
  const shown = shownOf(text);
  expect(shown).not.toMatch(/[<>]/);
  expect(shown).not.toMatch(/@(channel|here|everyone|U024)/);
  expect(shown).not.toMatch(/:\/\/|evil\.example|mailto:a/);
  expect(shown).not.toMatch(/(^|[^\u200B])[*~`]/);
});

test('whatever people write, only our own link is a link', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(shownOf(`<!channel>${text}<https://x.example|${text}>`)).not.toMatch(/[<>]|:\/\//);
    }),
    { seed: 7, numRuns: 200 },
  );
});

test('links are not unfolded, and nothing is parsed', () => {
  expect(JSON.parse(writeSlack(message('t'), undefined))).toMatchObject({
    parse: 'none',
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
  });
});
