/** The effort that comes nearest to a budget of thinking. */
export function effortOf(budgetTokens: number): string {
  if (budgetTokens <= 4_096) return 'low';
  return budgetTokens <= 16_384 ? 'medium' : 'high';
}
