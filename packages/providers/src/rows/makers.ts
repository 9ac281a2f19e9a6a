import { claudeRules } from './claude-rules.ts';
import {
  chat,
  type KnownProvider,
  type KnownProviders,
  messages,
  messagesAt,
  responses,
} from './known-provider.ts';
import {
  cohereQuirks,
  geminiQuirks,
  grokQuirks,
  grokResponsesQuirks,
  kimiRules,
  mistralQuirks,
  museQuirks,
  museResponsesQuirks,
} from './maker-quirks.ts';
import { chatRules, openAiWays } from './openai-rules.ts';
import { thinkingSwitch } from './thinking-switch.ts';

const google: KnownProvider = {
  dialect: 'gemini',
  auth: 'header',
  baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
  docs: 'https://ai.google.dev/api/generate-content',
  priceId: 'google',
  quirks: geminiQuirks,
};

/** Those who make models and serve them. */
export const makers: KnownProviders = {
  openai: chat('https://api.openai.com/v1', 'https://platform.openai.com/docs/api-reference', {
    quirks: { forModels: chatRules },
    also: openAiWays,
  }),
  anthropic: {
    dialect: 'anthropic-messages',
    auth: 'header',
    baseUrl: 'https://api.anthropic.com/v1',
    docs: 'https://platform.claude.com/docs/en/api/messages',
    quirks: { forModels: claudeRules },
  },
  google,
  gemini: google,
  mistral: chat('https://api.mistral.ai/v1', 'https://docs.mistral.ai/api', {
    quirks: mistralQuirks,
    also: [responses],
  }),
  deepseek: chat('https://api.deepseek.com', 'https://api-docs.deepseek.com', {
    quirks: { thinking: { ...thinkingSwitch, keepsEffort: true } },
    also: [messagesAt('https://api.deepseek.com/anthropic/v1')],
  }),
  xai: chat('https://api.x.ai/v1', 'https://docs.x.ai/developers/rest-api-reference', {
    priceId: 'x-ai',
    quirks: grokQuirks,
    also: [{ ...responses, isPreferred: true, quirks: grokResponsesQuirks }],
  }),
  meta: chat('https://api.meta.ai/v1', 'https://dev.meta.ai/docs', {
    quirks: museQuirks,
    also: [{ ...responses, isPreferred: true, quirks: museResponsesQuirks }],
  }),
  cohere: chat('https://api.cohere.ai/compatibility/v1', 'https://docs.cohere.com/docs/compatibility-api', {
    quirks: cohereQuirks,
  }),
  // Its chat completions ended on 27 September 2026.
  perplexity: chat('https://api.perplexity.ai/v1', 'https://docs.perplexity.ai/docs/agent-api', {
    dialect: 'openai-responses',
  }),
  moonshotai: chat('https://api.moonshot.ai/v1', 'https://platform.kimi.ai/docs/api/overview', {
    quirks: { forModels: kimiRules },
    also: [responses, messagesAt('https://api.moonshot.ai/anthropic/v1')],
  }),
  alibaba: chat(
    'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    'https://www.alibabacloud.com/help/en/model-studio/compatibility-of-openai-with-dashscope',
    {
      quirks: { thinking: { kind: 'switch', field: 'enable_thinking', on: true, off: false } },
      also: [responses, messagesAt('https://dashscope-intl.aliyuncs.com/apps/anthropic/v1')],
    },
  ),
  zai: chat('https://api.z.ai/api/paas/v4', 'https://docs.z.ai', {
    quirks: { thinking: thinkingSwitch },
    also: [messagesAt('https://api.z.ai/api/anthropic/v1')],
  }),
  zhipuai: chat('https://open.bigmodel.cn/api/paas/v4', 'https://docs.bigmodel.cn', {
    quirks: { thinking: thinkingSwitch },
  }),
  minimax: chat('https://api.minimax.io/v1', 'https://platform.minimax.io/docs', {
    also: [messagesAt('https://api.minimax.io/anthropic/v1')],
  }),
  xiaomi: chat('https://api.xiaomimimo.com/v1', 'https://platform.xiaomimimo.com', {
    quirks: { thinking: thinkingSwitch },
    also: [messagesAt('https://api.xiaomimimo.com/anthropic/v1')],
  }),
  stepfun: chat('https://api.stepfun.com/v1', 'https://platform.stepfun.com/docs', {
    also: [messages, { ...responses, models: ['step-3.7-flash'] }],
  }),
  volcengine: chat('https://ark.cn-beijing.volces.com/api/v3', 'https://www.volcengine.com/docs/82379', {
    also: [responses, messagesAt('https://ark.cn-beijing.volces.com/api/v3/compatible/v1')],
  }),
  tencent: chat(
    'https://tokenhub.tencentmaas.com/v1',
    'https://cloud.tencent.com/document/product/1823/130050',
    {
      quirks: { thinking: { ...thinkingSwitch, keepsEffort: true } },
    },
  ),
  baidu: chat('https://qianfan.baidubce.com/v2', 'https://cloud.baidu.com/doc/qianfan/s/Hmh4suq26'),
  upstage: chat('https://api.upstage.ai/v1/solar', 'https://developers.upstage.ai/docs/apis/chat'),
  inception: chat('https://api.inceptionlabs.ai/v1', 'https://docs.inceptionlabs.ai', {
    quirks: {
      nearest: { reasoning_effort: { none: 'instant', minimal: 'instant', xhigh: 'high', max: 'high' } },
    },
  }),
  arcee: chat('https://api.arcee.ai/api/v1', 'https://docs.arcee.ai'),
  jina: chat('https://api.jina.ai/v1', 'https://jina.ai/embeddings'),
  voyage: chat('https://api.voyageai.com/v1', 'https://docs.voyageai.com', { priceId: 'voyageai' }),
};
