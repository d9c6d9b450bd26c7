/**
 * Prometheus text of OpenMetrics text, for scrapers that know no other: counters are called by their whole name and
 * nothing has an exemplar. The registry writes either for its whole life, so the other has to be made of it.
 */
export function toPlainText(openMetrics: string): string {
  const counters = new Set<string>()
  for (const [, name] of openMetrics.matchAll(/^# TYPE (\S+) counter$/gm)) counters.add(name!)
  return openMetrics
    .replaceAll(/^# (TYPE|HELP) (\S+)/gm, (line, _kind: string, name: string) =>
      counters.has(name) ? `${line}_total` : line,
    )
    .replaceAll(/ # \{trace_id="[0-9a-f]*"\} \S+ \S+$/gm, '')
    .replace(/# EOF\n$/, '')
}
