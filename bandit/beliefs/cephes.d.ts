/** The package's export map hides its own types; these are the functions used here. */
declare module 'cephes' {
  /** Resolves once the WebAssembly is ready; the functions may not be called before. */
  export const compiled: Promise<void>
  /** The regularised incomplete beta integral from 0 to x, 0 ≤ x ≤ 1. */
  export function incbet(a: number, b: number, x: number): number
  /** x such that the regularised incomplete beta integral from 0 to x equals p. Throws where x underflows. */
  export function incbi(a: number, b: number, p: number): number
  /** Probability that a standard normal variable is at most x. */
  export function ndtr(x: number): number
  /** Quantile p of Student's t with k degrees of freedom, k ≥ 1. */
  export function stdtri(k: number, p: number): number
  /** Probability that a χ² variable with k degrees of freedom is above x. */
  export function chdtrc(k: number, x: number): number
}
