import { z } from 'zod'

const weight = z.number().min(0)

/** How cases are ordered and whom they are offered to; data, so that another one can be tried on recorded arrivals. */
export const assignmentPolicySchema = z.strictObject({
  version: z.string().min(1),
  /** Parts of a case's urgency. */
  urgency: z.strictObject({
    /** At 1 when the clock is due, above 1 when it is past. */
    sla: weight,
    /** Times the natural logarithm of the minutes waited plus one. */
    wait: weight,
    /** Times the priority, 0 to 3. */
    priority: weight,
    /** Times the negative sentiment, 0 to 1. */
    sentiment: weight,
    /** Added when a promise to the customer is due. */
    promise: weight,
  }),
  /** Parts of how well an agent fits, each 0 to 1. */
  score: z.strictObject({
    skill: weight,
    spareCapacity: weight,
    affinity: weight,
    success: weight,
    idle: weight,
    fairness: weight,
  }),
  /** What is no longer asked for once a case has waited so long; the last one drops all but presence and capacity. */
  relax: z
    .array(
      z.strictObject({
        afterSeconds: z.number().min(0),
        drop: z.enum(['levels', 'optional-skills', 'team', 'everything']),
      }),
    )
    .min(1)
    .refine((steps) => steps.at(-1)?.drop === 'everything', 'the last step has to drop everything')
    .refine((steps) => steps.every((step, i) => i === 0 || step.afterSeconds >= (steps[i - 1]?.afterSeconds ?? 0)), {
      message: 'the steps have to be in the order of their times',
    }),
  /** How long an agent may think about an offer. */
  offerSeconds: z.number().min(1),
})
export type AssignmentPolicy = z.infer<typeof assignmentPolicySchema>

/** What an installation starts with. */
export const DEFAULT_POLICY: AssignmentPolicy = {
  version: 'default-1',
  urgency: { sla: 4, wait: 0.5, priority: 1, sentiment: 0.5, promise: 1.5 },
  score: { skill: 0.35, spareCapacity: 0.2, affinity: 0.15, success: 0.1, idle: 0.1, fairness: 0.1 },
  relax: [
    { afterSeconds: 60, drop: 'levels' },
    { afterSeconds: 120, drop: 'optional-skills' },
    { afterSeconds: 180, drop: 'team' },
    { afterSeconds: 300, drop: 'everything' },
  ],
  offerSeconds: 45,
}
