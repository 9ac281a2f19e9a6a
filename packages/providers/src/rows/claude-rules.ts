import type { ModelRules } from '../quirks/rules.ts';

/** The generations, by how they are told to think. A name is looked for anywhere: clouds put words before and after it. */
const WITHOUT_SAMPLING = ['*claude-opus-4-7', '*claude-opus-4-8', '*claude-opus-5', '*claude-sonnet-5'];
const NEWEST = [...WITHOUT_SAMPLING, '*claude-haiku-5', '*claude-fable-5'];
const ALWAYS_THINKING = ['*claude-opus-5-5', '*claude-sonnet-5-5', '*claude-fable-5'];
const NO_FORCED_TOOL = ['*claude-opus-5-5', '*claude-sonnet-5-5', '*claude-fable-5-1', '*claude-fable-5-2'];
const BUDGET_ONLY = ['*claude-3', '*claude-sonnet-4', '*claude-opus-4', '*claude-haiku-4'];
const ADAPTIVE_FOUR = ['*claude-sonnet-4-6', '*claude-opus-4-6', '*claude-opus-4-7', '*claude-opus-4-8'];

/**
 * What models of Anthropic refuse, for callers who speak another dialect.
 * https://platform.claude.com/docs/en/about-claude/models/migration-guide,
 * /build-with-claude/adaptive-thinking and /build-with-claude/effort.
 */
export const claudeRules: readonly ModelRules[] = [
  ...outputBounds(),
  { models: BUDGET_ONLY, except: ADAPTIVE_FOUR, isForeignOnly: true, thinking: { kind: 'budget' } },
  {
    models: NEWEST,
    except: ALWAYS_THINKING,
    isForeignOnly: true,
    thinking: { kind: 'adaptive' },
  },
  { models: ALWAYS_THINKING, isForeignOnly: true, thinking: { kind: 'adaptive', isAlwaysOn: true } },
  {
    models: ['*claude-sonnet-4-6', '*claude-opus-4-6'],
    isForeignOnly: true,
    nearest: { 'output_config.effort': { xhigh: 'high' } },
  },
  { models: NEWEST, isForeignOnly: true, only: { temperature: 1, top_p: 1 }, drop: ['top_k'] },
  {
    models: NO_FORCED_TOOL,
    isForeignOnly: true,
    nearest: { 'tool_choice.type': { any: 'auto', tool: 'auto' } },
    drop: ['tool_choice.name'],
  },
];

/** https://platform.claude.com/docs/en/about-claude/models/overview: the largest `max_tokens`. */
function outputBounds(): ModelRules[] {
  const bound = (models: string[], max: number, except: string[] = []): ModelRules => ({
    models,
    except,
    isForeignOnly: true,
    bounds: { max_tokens: [1, max] },
  });
  return [
    bound(['*claude-3-haiku'], 4_096),
    bound(['*claude-opus-4-1', '*claude-opus-4-0', '*claude-opus-4-2025', '*claude-opus-4@'], 32_000),
    bound(['*claude-sonnet-4', '*claude-opus-4-5', '*claude-haiku-4'], 64_000, ['*claude-sonnet-4-6']),
    bound(['*claude-sonnet-4-6', '*claude-opus-4-6', ...NEWEST], 128_000),
  ];
}
