/**
 * When a decision is learned. `arrival`: when its feedback comes. `hold`: when its window closes, whether
 * feedback came or not, so that quick answers are not learned first. `corrected`: when feedback comes, where only
 * successes report; pulls still silent count by the share of the arm's rewards that comes by their age.
 */
export const delayNames = ['arrival', 'hold', 'corrected'] as const
export type Delay = (typeof delayNames)[number]
