import {
  answersJson,
  type FakeUpstream,
  openFakeUpstream,
  playsOpenAi,
  playsResponses,
  type Script,
} from '@app/testkit';

const TOOL = { id: 'call_weather', name: 'get_weather', input: { city: 'Bern' } };
const ANSWER = 'Four degrees and dry.';

/** A played OpenAI for every sender: it calls the tool it is offered, answers once it has the result, and embeds. */
export function openModel(): Promise<FakeUpstream> {
  return openFakeUpstream(plays);
}

const plays: Script = (response, request) => {
  const { path, body, json } = request;
  if (path.endsWith('/embeddings')) return answersJson(embeddingsOf(json?.input))(response, request);
  if (json?.model === 'gpt-none') {
    const error = {
      message: 'The model does not exist.',
      type: 'invalid_request_error',
      code: 'model_not_found',
    };
    return answersJson({ error }, 404)(response, request);
  }
  const isAnswer = json?.tools === undefined || /"role":\s?"tool"|function_call_output/.test(body);
  const saying = isAnswer ? { text: ANSWER } : { tool: TOOL };
  const play = path.endsWith('/responses') ? playsResponses(saying) : playsOpenAi(saying);
  return play(response, request);
};

function embeddingsOf(input: unknown): object {
  const texts = Array.isArray(input) ? input : [input];
  return {
    object: 'list',
    model: 'text-embedding-3-small',
    data: texts.map((_, index) => ({ object: 'embedding', index, embedding: [0.25, -0.5, 0.75] })),
    usage: { prompt_tokens: 4, total_tokens: 4 },
  };
}
