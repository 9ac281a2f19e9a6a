import type Anthropic from '@anthropic-ai/sdk';
import type { GoogleGenAI } from '@google/genai';
import type { BaseCallbackHandler } from '@langchain/core/callbacks/base';
import type { Callbacks } from '@langchain/core/callbacks/manager';
import type OpenAI from 'openai';
import type { AzureOpenAI } from 'openai';
import { expectTypeOf, test } from 'vitest';
import type { TokentraceCallbackHandler } from './trace-langchain.ts';
import { wrapAnthropic } from './wrap-anthropic.ts';
import { wrapGemini, wrapGeminiModel } from './wrap-gemini.ts';
import { wrapOpenAI } from './wrap-openai.ts';

test('what goes in is what comes out, by type', () => {
  expectTypeOf(wrapOpenAI<OpenAI>).returns.toEqualTypeOf<OpenAI>();
  expectTypeOf(wrapOpenAI<AzureOpenAI>).returns.toEqualTypeOf<AzureOpenAI>();
  expectTypeOf(wrapAnthropic<Anthropic>).returns.toEqualTypeOf<Anthropic>();
  expectTypeOf(wrapGemini<GoogleGenAI>).returns.toEqualTypeOf<GoogleGenAI>();
  expectTypeOf(wrapGeminiModel).toEqualTypeOf(wrapGemini);
});

test('the handler for LangChain is one for its types', () => {
  expectTypeOf<TokentraceCallbackHandler[]>().toExtend<Callbacks>();
  expectTypeOf<TokentraceCallbackHandler>().toExtend<Pick<BaseCallbackHandler, 'name' | 'awaitHandlers'>>();
});
