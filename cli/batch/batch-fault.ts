/** What went wrong before the first row, or made going on pointless; said in one line. */
export class BatchFault extends Error {}
