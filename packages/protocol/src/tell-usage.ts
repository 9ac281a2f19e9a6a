import type { Event } from './event.ts';
import type { Billing, ToolUses, Usage } from './usage.ts';

type Told = { usage: Usage; estimated: boolean; billing: Billing };

/** The event of what a reply used. Names that say nothing are left out. */
export function tellUsage({ usage, estimated, billing }: Told): Event & { type: 'usage' } {
  const event: Event & { type: 'usage' } = { type: 'usage', usage };
  if (estimated) event.estimated = true;
  const { serviceTier, geo, toolUses } = billing;
  if (serviceTier !== undefined && serviceTier !== '') event.serviceTier = serviceTier;
  if (geo !== undefined && geo !== '') event.geo = geo;
  if (toolUses !== undefined && Object.keys(toolUses).length > 0) event.toolUses = toolUses;
  return event;
}

/** The same, or undefined when nothing is told. */
export function findUsage(told: Told): (Event & { type: 'usage' }) | undefined {
  const event = tellUsage(told);
  const isTold = Object.keys(event.usage).length > 0 || Object.keys(event).length > 2;
  return isTold ? event : undefined;
}

/** What a usage event tells beside the tokens. */
export function billingOf({ serviceTier, geo, toolUses }: Billing): Billing {
  return {
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(geo === undefined ? {} : { geo }),
    ...(toolUses === undefined ? {} : { toolUses }),
  };
}

/** Only tools that ran. */
export function toolUsesOf(counts: { readonly [tool in keyof ToolUses]: number | undefined }): ToolUses {
  const uses: ToolUses = {};
  for (const tool of Object.keys(counts) as (keyof ToolUses)[]) {
    const count = counts[tool];
    if (count !== undefined && count > 0) uses[tool] = count;
  }
  return uses;
}
