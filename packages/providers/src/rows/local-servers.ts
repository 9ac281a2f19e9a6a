import { completions, type KnownProviders, local, messages, responses } from './known-provider.ts';

/** Model servers of one's own, at the port where each listens by itself. */
export const localServers: KnownProviders = {
  ollama: local(11_434, 'https://docs.ollama.com/api/openai-compatibility', [
    responses,
    completions,
    messages,
  ]),
  vllm: local(8_000, 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html', [
    responses,
    completions,
    messages,
  ]),
  'lm-studio': local(1_234, 'https://lmstudio.ai/docs/developer/openai-compat', [
    responses,
    completions,
    messages,
  ]),
  'llama-cpp': local(8_080, 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md', [
    completions,
    messages,
  ]),
  sglang: local(30_000, 'https://docs.sglang.io/docs/basic_usage/openai_api', [completions, messages]),
  tgi: local(3_000, 'https://huggingface.co/docs/text-generation-inference/messages_api', []),
  litellm: local(4_000, 'https://docs.litellm.ai/docs/simple_proxy', [responses, completions, messages]),
};
