import { checkContext } from './check-context.ts'
import { scenarioFields } from './scenario-fields.ts'

/** What a scenario may say, and what of it goes together. */
export const scenarioSchema = scenarioFields.superRefine((scenario, check) => {
  const { policies = [], feedback } = scenario
  for (const { path, message } of checkContext(scenario)) {
    check.addIssue({ code: 'custom', path: [...path], message })
  }
  for (const [index, { half_life, sliding_window, change_detection }] of policies.entries()) {
    if (feedback.learn !== 'corrected' || !(half_life ?? sliding_window ?? change_detection)) continue
    const message = 'nothing is forgotten under learn: corrected: take half_life and the like out'
    check.addIssue({ code: 'custom', path: ['policies', index], message })
  }
  const labels = policies.map(({ name, label }) => label ?? name)
  for (const [index, label] of labels.entries()) {
    if (labels.indexOf(label) === index) continue
    const message = `${label} is there twice: give this one a label`
    check.addIssue({ code: 'custom', path: ['policies', index], message })
  }
})
