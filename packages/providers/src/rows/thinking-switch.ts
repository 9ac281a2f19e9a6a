import type { ThinkingRule } from '../quirks/rules.ts';

/** The form that makers in China share: `thinking: {type: enabled}` beside or instead of an effort. */
export const thinkingSwitch: ThinkingRule & { kind: 'switch' } = {
  kind: 'switch',
  field: 'thinking',
  on: { type: 'enabled' },
  off: { type: 'disabled' },
};
