import * as z from 'zod'
import { faultOfEntry } from '../../security/outbound/allow-list.ts'

const entry = z.string().superRefine((text, issues) => {
  const message = faultOfEntry(text)
  if (message !== undefined) issues.addIssue({ code: 'custom', message })
})

export const outbound = z.strictObject({
  allow: z.array(entry).meta({
    description:
      'Hosts and networks that the gateway may call: servers of models and features, webhooks, key sets; whoever this file names when absent',
  }),
})
