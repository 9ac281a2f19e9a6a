import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../error.ts';
import type { JsonObject } from '../json.ts';
import { embedDialects } from './embed-dialects.ts';
import { base64Of, floatsOf } from './vector.ts';

const openai = embedDialects['openai-embeddings'];
const gemini = embedDialects['gemini-embeddings'];
const seeded = { seed: 20_260_501, numRuns: 200 };

function refusal(run: () => unknown): GatewayError {
  try {
    run();
  } catch (error) {
    if (error instanceof GatewayError) return error;
  }
  throw new Error('Nothing was refused.');
}

describe('OpenAI’s embeddings', () => {
  test('a call is read whatever form its input has', () => {
    const inputs = (input: JsonObject['input']) => openai.readCall({ model: 'm', input }).inputs;
    expect(inputs('one')).toEqual(['one']);
    expect(inputs(['one', 'two'])).toEqual(['one', 'two']);
    expect(inputs([1, 2, 3])).toEqual([[1, 2, 3]]);
    expect(inputs([[1], [2, 3]])).toEqual([[1], [2, 3]]);
  });

  test.each<[JsonObject, string, string]>([
    [{}, 'missing_parameter', 'input'],
    [{ input: '' }, 'invalid_parameter', 'input'],
    [{ input: [] }, 'invalid_parameter', 'input'],
    [{ input: ['a', ''] }, 'invalid_parameter', 'input[1]'],
    [{ input: [[1, -1]] }, 'invalid_parameter', 'input[0]'],
    [{ input: new Array(2_049).fill('a') }, 'invalid_parameter', 'input'],
    [{ input: 'a', dimensions: 0 }, 'invalid_parameter', 'dimensions'],
    [{ input: 'a', encoding_format: 'hex' }, 'invalid_parameter', 'encoding_format'],
  ])('a call that makes no sense is refused and its field named (%#)', (body, code, param) => {
    const error = refusal(() => openai.readCall(body));
    expect([error.code, error.detail.param]).toEqual([code, param]);
  });

  test('within the dialect the body goes on as it came, unknown fields included', () => {
    const body = { model: 'mine', input: ['a'], tomorrow: { x: 1 }, encoding_format: 'base64' };
    const written = openai.writeCall(openai.readCall(body), 'theirs');
    expect(written).toEqual({ path: '/embeddings', body: { ...body, model: 'theirs' }, losses: [] });
  });

  test('for Gemini it becomes a batch, and what Gemini cannot say is a loss', () => {
    const call = openai.readCall({ input: ['a', 'b'], dimensions: 8, user: 'u', tomorrow: 1 });
    const { path, body, losses } = gemini.writeCall(call, 'gemini-embedding-001');
    expect(path).toBe('/models/gemini-embedding-001:batchEmbedContents');
    expect(body).toEqual({
      requests: ['a', 'b'].map((text) => ({
        model: 'models/gemini-embedding-001',
        content: { parts: [{ text }] },
        outputDimensionality: 8,
      })),
    });
    expect(losses.map((loss) => loss.path)).toEqual(['tomorrow', 'user']);
  });

  test('tokens cannot be said to Gemini, and the caller is told so', () => {
    const error = refusal(() => gemini.writeCall(openai.readCall({ input: [1, 2] }), 'm'));
    expect([error.code, error.status, error.detail.param]).toEqual(['unsupported_parameter', 400, 'input']);
  });

  test('vectors come back in the order of their index, in the form that was asked for', () => {
    const reply = openai.readReply(
      {
        model: 'm',
        data: [
          { index: 1, embedding: [2] },
          { index: 0, embedding: base64Of([1]) },
        ],
        usage: { prompt_tokens: 3, total_tokens: 3 },
      },
      2,
    );
    const floats = openai.writeReply(reply, openai.readCall({ input: ['a', 'b'] }));
    expect(floats).toEqual({
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [1] },
        { object: 'embedding', index: 1, embedding: [2] },
      ],
      model: 'm',
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
    const packed = openai.writeReply(
      reply,
      openai.readCall({ input: ['a', 'b'], encoding_format: 'base64' }),
    );
    expect(packed.data).toMatchObject([{ embedding: base64Of([1]) }, { embedding: base64Of([2]) }]);
  });

  test.each<[JsonObject]>([
    [{}],
    [{ data: [] }],
    [{ data: [{ index: 0, embedding: [] }] }],
    [{ data: [{ index: 0, embedding: ['1'] }] }],
    [{ data: [{ index: 0, embedding: 'not base64!' }] }],
    [{ data: [{ index: 7, embedding: [1] }] }],
    [{ data: [{ index: 0, embedding: new Array(70_000).fill(1) }] }],
  ])('a reply that is none is the provider’s fault (%#)', (body) => {
    expect(refusal(() => openai.readReply(body, 1)).code).toBe('provider_bad_response');
  });
});

describe('Gemini’s embeddings', () => {
  const single = { content: { parts: [{ text: 'a' }, { text: 'b' }] }, taskType: 'RETRIEVAL_QUERY' };

  test('one content is one text, answered as one vector', () => {
    const call = gemini.readCall(single);
    expect(call).toMatchObject({ inputs: ['a\nb'], task: 'RETRIEVAL_QUERY', isSingle: true });
    expect(gemini.writeReply({ vectors: [[1, 2]], usage: {} }, call)).toEqual({
      embedding: { values: [1, 2] },
    });
  });

  test('within the dialect every request of a batch asks for the provider’s name of the model', () => {
    const body = { requests: [{ model: 'models/mine', ...single, tomorrow: 1 }] };
    const written = gemini.writeCall(gemini.readCall(body), 'theirs');
    expect(written.path).toBe('/models/theirs:batchEmbedContents');
    expect(written.body).toEqual({ requests: [{ model: 'models/theirs', ...single, tomorrow: 1 }] });
  });

  test('for OpenAI the purpose of a vector is a loss, and so is what later requests say differently', () => {
    const call = gemini.readCall({
      requests: [
        { ...single, outputDimensionality: 4 },
        { ...single, outputDimensionality: 8 },
      ],
    });
    const { body, losses } = openai.writeCall(call, 'm');
    expect(body).toEqual({ model: 'm', input: ['a\nb', 'a\nb'], dimensions: 4 });
    expect(losses.map((loss) => loss.path)).toEqual(['outputDimensionality', 'taskType']);
  });

  test.each<[JsonObject, string]>([
    [{}, 'content'],
    [{ requests: [] }, 'requests'],
    [{ requests: [{}] }, 'requests[0].content'],
    [{ content: { parts: [{ inlineData: {} }] } }, 'content.parts[0]'],
    [{ ...single, outputDimensionality: 1.5 }, 'outputDimensionality'],
  ])('a call that makes no sense is refused and its field named (%#)', (body, param) => {
    expect(refusal(() => gemini.readCall(body)).detail.param).toBe(param);
  });
});

test.each([-1, 0.5, 1e308, '7', null])('a provider that read %j tokens said nothing', (tokens) => {
  const said = { data: [{ embedding: [1] }], usage: { prompt_tokens: tokens } };
  expect(openai.readReply(said, 1).usage).toEqual({});
  const asGemini = { embeddings: [{ values: [1] }], usageMetadata: { promptTokenCount: tokens } };
  expect(gemini.readReply(asGemini, 1).usage).toEqual({});
});

test('what is no number in one form of a vector is not passed off as one in the other', () => {
  // NaN and infinity, as 32-bit floats.
  expect(refusal(() => floatsOf('AADAfwAAgH8=')).code).toBe('provider_bad_response');
  expect(refusal(() => base64Of([1e308])).code).toBe('provider_bad_response');
});

test('a vector of 32-bit floats survives base64 unchanged', () => {
  fc.assert(
    fc.property(
      fc.float32Array({ minLength: 1, maxLength: 64, noNaN: true, noDefaultInfinity: true }),
      (floats) => {
        const vector = [...floats];
        expect(floatsOf(base64Of(vector))).toEqual(vector);
      },
    ),
    seeded,
  );
});

test('a call read in one dialect and written in the other asks for the same texts', () => {
  const texts = fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(texts, (input) => {
      const there = gemini.writeCall(openai.readCall({ input }), 'm').body;
      const back = openai.writeCall(gemini.readCall(there), 'm').body.input;
      expect(typeof back === 'string' ? [back] : back).toEqual(input);
    }),
    seeded,
  );
});
