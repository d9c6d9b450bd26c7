export const mostRetrySeconds = 5

/** 1 to 5 s, so that those who were refused together do not come back together. */
export function retryAfter(random: () => number): { readonly 'retry-after': string } {
  return { 'retry-after': String(1 + Math.floor(random() * mostRetrySeconds)) }
}
