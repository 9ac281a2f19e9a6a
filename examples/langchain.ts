// LangChain's OpenAI integration: whole and streamed.
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';

const configuration = { baseURL: `${process.env.TOKENROUTER_BASE_URL}/v1` };
const apiKey = process.env.TOKENROUTER_API_KEY ?? '';
const chat = new ChatOpenAI({ model: 'claude-sonnet-4-5', apiKey, configuration });
const reply = await chat.invoke('Hello');
process.stdout.write(`${reply.text}\n`);
for await (const chunk of await chat.stream('Hello')) {
  process.stdout.write(chunk.text);
}
const embeddings = new OpenAIEmbeddings({ model: 'text-embedding-3-small', apiKey, configuration });
const vector = await embeddings.embedQuery('Hello');
process.stdout.write(`\n${vector.length} dimensions\n`);
