/** What became of some histories. */
export interface Played {
  /** What was other than it should be, by the number of the history. */
  readonly wrong: readonly string[]
  /** How often they met what. */
  readonly met: Readonly<Record<string, number>>
}
