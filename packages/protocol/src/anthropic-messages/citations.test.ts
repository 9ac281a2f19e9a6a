import { expect, test } from 'vitest';
import { collect, dialects, type Reply } from '../index.ts';
import { readCitation, writeCitation } from './citations.ts';

const page = {
  type: 'page_location',
  cited_text: 'It lifts by noon.',
  document_index: 0,
  document_title: 'Weather',
  start_page_number: 2,
  end_page_number: 3,
};

test('a citation of a document has its title and what it says, and no URL', () => {
  expect(readCitation(page)).toEqual({
    title: 'Weather',
    quote: 'It lifts by noon.',
    wire: { dialect: 'anthropic-messages', value: page },
  });
});

test('a citation of a search result has its source as URL where that is one', () => {
  const found = { type: 'search_result_location', source: 'https://a.example', title: null, cited_text: 'x' };
  expect(readCitation(found).url).toBe('https://a.example');
  expect(readCitation({ ...found, source: 'manual, chapter 2' }).url).toBeUndefined();
});

test('a citation of its own dialect goes back as it came, whatever it is', () => {
  expect(writeCitation(readCitation(page))).toEqual([page]);
  expect(writeCitation(readCitation({ type: 'tomorrow' }))).toEqual([{ type: 'tomorrow' }]);
});

test('a text with citations reaches a chat caller with the place of each text in the content', () => {
  const web = { type: 'web_search_result_location', url: 'https://a.example', title: 'A', cited_text: 'x' };
  const body = {
    id: 'x',
    type: 'message',
    model: 'm',
    content: [
      { type: 'text', text: 'So: ' },
      { type: 'text', text: 'fog', citations: [web, page] },
    ],
    stop_reason: 'end_turn',
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  const reply: Reply = collect(dialects['anthropic-messages'].outbound.readReply(body));
  expect(dialects['openai-chat'].inbound.writeReply(reply).choices).toMatchObject([
    {
      message: {
        content: 'So: fog',
        annotations: [
          {
            type: 'url_citation',
            url_citation: { url: 'https://a.example', title: 'A', start_index: 4, end_index: 7 },
          },
        ],
      },
    },
  ]);
});
