/** What is asked of /predict, but for the id. */
export type Body = Readonly<Record<string, unknown>>
