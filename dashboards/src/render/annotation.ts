import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import type { AnnotationSpec } from '../spec.ts'
import { source } from './source.ts'

export function renderAnnotation(spec: AnnotationSpec): AnnotationQueryBuilder {
  const { name, colour, expr, title, text, valueIsTime = false } = spec
  return new AnnotationQueryBuilder()
    .name(name)
    .datasource(source)
    .enable(true)
    .iconColor(colour)
    .target(new DataqueryBuilder().datasource(source).refId('A').expr(expr).interval('1m'))
    .titleFormat(title)
    .textFormat(text)
    .useValueForTime(valueIsTime)
}
