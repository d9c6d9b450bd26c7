import { styleText } from 'node:util'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** Styles a piece of text, or leaves it alone where that is not wanted. */
export type Paint = (style: Style, text: string) => string

export const plain: Paint = (_, text) => text

/** Whether a stream shows colours is Node's decision: NO_COLOR, FORCE_COLOR, TERM and being a terminal count. */
export const createPaint = (stream: NodeJS.WriteStream): Paint => {
  return (style, text) => styleText(style, text, { stream })
}
