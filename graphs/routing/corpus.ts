import { expand, pick, randomFrom } from './expand.ts'
import { billing } from './utterances/billing.ts'
import { billingByIndustry } from './utterances/by-industry/billing.ts'
import { humanByIndustry } from './utterances/by-industry/human.ts'
import { outOfScopeByIndustry } from './utterances/by-industry/out-of-scope.ts'
import { returnsByIndustry } from './utterances/by-industry/returns.ts'
import { techSupportByIndustry } from './utterances/by-industry/tech-support.ts'
import { continuations, courtesies } from './utterances/courtesies.ts'
import { human } from './utterances/human.ts'
import { asides } from './utterances/industries/asides.ts'
import { banking } from './utterances/industries/banking.ts'
import { everyday } from './utterances/industries/everyday.ts'
import { followups } from './utterances/industries/followups.ts'
import type { Industry } from './utterances/industries/industry.ts'
import { insurance } from './utterances/industries/insurance.ts'
import { media } from './utterances/industries/media.ts'
import { asksForPeople } from './utterances/industries/people.ts'
import { retail } from './utterances/industries/retail.ts'
import { services } from './utterances/industries/services.ts'
import { software } from './utterances/industries/software.ts'
import { telecom } from './utterances/industries/telecom.ts'
import { vocabulary, wholeVocabulary } from './utterances/industries/vocabulary.ts'
import { outOfScope } from './utterances/out-of-scope.ts'
import { returns } from './utterances/returns.ts'
import { slots as things } from './utterances/slots.ts'
import { techSupport } from './utterances/tech-support.ts'
import type { Utterances } from './utterances/utterances.ts'

/** What the classifier tells apart: the desks that ship, the two ways out, and texts that only continue a talk. */
export const classes = ['billing', 'returns', 'tech-support', 'human', 'out_of_scope', 'continuation']

const written: Record<string, Utterances> = {
  billing,
  returns,
  'tech-support': techSupport,
  human,
  out_of_scope: outOfScope,
  continuation: { actions: [], matters: [], sentences: [...continuations, ...followups, ...courtesies] },
}

const slots = { ...things, ...vocabulary }
const industries = [telecom, banking, insurance, software, media, retail, services, wholeVocabulary, everyday]
const every = (label: keyof Industry) => industries.flatMap((industry) => industry[label])

const byIndustry: Record<string, string[]> = {
  billing: [...billingByIndustry, ...every('billing')],
  returns: [...returnsByIndustry, ...every('returns')],
  'tech-support': [...techSupportByIndustry, ...every('tech-support')],
  human: [...humanByIndustry, ...asksForPeople],
  out_of_scope: [...outOfScopeByIndustry, ...asides, ...wholeVocabulary.out_of_scope, ...everyday.out_of_scope],
}

const aroundActions = [
  '*',
  '*',
  '*',
  'i (want|need|would like|d like|wish|have|am trying|am looking|am going|would love|want help|need help|have got|try|got) to *',
  '(can|could|will|would) (you|u|someone|anybody) (please |)(help me|help me to|assist me to|show me how to|tell me how to|explain how to|guide me to) *',
  'help me (to |)*',
  'how (do|can|could|would|should) i *',
  'how to *',
  'where (can|do|could) i *',
  'i (do not|dont) know (how to|how i can|how i could|what i have to do to|what i need to do to|where i can|where to) *',
  'i (want|need|require|would like|have to ask for) (help|assistance|support|some help|a hand) to *',
  'is (it possible|there a way|there any way) to *',
  'can i *',
  'may i *',
  'i (cannot|am not able to|am unable to|can not|could not) *',
  'i have (a question|a problem|an issue) (about|with) trying to *',
  'please *',
  '(what|which) (are the steps|do i have to do|do i need to do|is the process|is the procedure) to *',
  'need (help |assistance |)to *',
  'trying to *',
  'want to *',
  'i must *',
  'i am trying to *( but i cannot| help me| and it does not work|)',
  'i wish to *',
  'kindly help me *',
  'i was wondering (how|if i could|how i could) *',
  'do you know how i can *',
  '(i will|let me) *',
  'i have to *( can you help me| can you help| could you help me| i need help| help|)',
]
const aroundGerunds = [
  '(help|assistance|support|problems|trouble|issues|question|questions|difficulties) (with|about) *',
  'i (need|want|have|would like) (help|assistance|trouble|problems|issues|a question about|some help) *',
  'i am having (trouble|problems|difficulties) *',
  'can you (help|assist) me (with|in) *',
  'could you help me *',
  'i (need|want) (help|assistance) (with |in |)*',
  'information about *',
  'what about *',
]
const aroundMatters = [
  '*',
  '*',
  '*',
  'i have a (question|problem|concern|query|doubt|complaint) (about|with|regarding|concerning) *',
  '(help|problem|issue|question|trouble|problems|assistance|need help|questions|information|info|query|enquiry) (with|about|regarding|on|for) *',
  'i (need|want|would like) (help|information|to know more|assistance|to ask|some info|details) (with|about|on|regarding) *',
  '(what about|tell me about|how about|what is|where is|i am calling about|i am writing about|can you help with|i am contacting you about|explain) *',
  '(about|regarding|re|concerning) *',
  '(can|could) you (help me with|check|explain|tell me about|assist me with|look into|give me information about) *',
  'there is (a problem|an issue|something wrong) with *',
  '*( please| help| question| query| info| details|)',
  'i (need|want) *',
]
const aroundSentences = [
  '(i have been a (loyal |)customer for (two|ten|many) years|i hope you are well|i tried your faq|this is the third time i write|i have been waiting for (days|two weeks)|not sure if you can help but|long story short|my wife and i are very upset)( and|,|) *',
  '* (this has been going on for (two weeks|days|months)|nobody helps me|i have tried everything|i need this solved today|please advise|kindly help|do the needful|sort it out|what is happening|any help is appreciated|i am not happy|i need it for work)',
  '*',
  '*',
  '*',
  '*',
  '*',
  '(hi|hello|hey|good morning|hello there|hi team|excuse me|dear team|good evening|sorry to bother you|hey there), *',
  '*( please| please help| help| can you help| can you help me| what should i do| what can i do| what do i do| what now| thanks| any idea| why| how do i fix this| asap| i need help)',
  '(so|ok|well|look|listen|please|um|and|also|ok so|oh|sir|madam|guys|fyi) *',
  '(i am (very |so |really |)(upset|angry|annoyed|frustrated|confused|disappointed|worried)|this is (ridiculous|unacceptable|urgent|a joke)|what the hell|omg|seriously|unbelievable|wtf|i am a loyal customer|i need help|can you help|quick question), *',
  '*, (this is (ridiculous|unacceptable|terrible|urgent)|i am (angry|worried|lost|confused)|it is urgent|fix it|what is going on)',
  '(i noticed that|i just noticed|it seems|it looks like|apparently|i think|i see that|my problem is that|the issue is|i am calling because|i am writing because|just wondering|i wanted to ask|i would like to know|please tell me|can you tell me|could you tell me|do you know|i want to know|tell me|may i know|i wonder) *',
]

const vowel = /[aeiou]/

/** The -ing form of an English verb in its base form: a rule of thumb, good enough to train on. */
function gerund(verb: string): string {
  if (/ie$/.test(verb)) return `${verb.slice(0, -2)}ying`
  if (/[^e]e$/.test(verb)) return `${verb.slice(0, -1)}ing`
  if (/^[^aeiou]*[aeiou][bdgmnpt]$/.test(verb)) return `${verb}${verb.at(-1)}ing`
  return `${verb}ing`
}

function slip(text: string, random: () => number): string {
  const read = text.split(' ')
  const at = Math.floor(random() * read.length)
  const word = read[at] ?? ''
  if (word.length < 4) return text
  const place = 1 + Math.floor(random() * (word.length - 2))
  const kind = Math.floor(random() * 4)
  const near = String.fromCharCode(97 + Math.floor(random() * 26))
  const [head, letter, next, tail] = [
    word.slice(0, place),
    word[place] ?? '',
    word[place + 1] ?? '',
    word.slice(place + 2),
  ]
  const wrong = [
    head + next + letter + tail,
    head + next + tail,
    head + letter + letter + next + tail,
    head + near + next + tail,
  ]
  read[at] = wrong[kind] ?? word
  return read.join(' ')
}

function nonsense(random: () => number): string {
  let made = ''
  for (let size = 2 + Math.floor(random() * 3); size > 0; size--)
    made +=
      pick([...'bcdfghjklmnprstvwz'], random) +
      pick([...'aeiouy'], random) +
      (random() < 0.3 ? pick([...'nrslt'], random) : '')
  return made
}

const small = new Set(
  'a an the my your i you it is are to in on of for and or with at by me do how what can'.split(' '),
)

function strange(text: string, share: number, random: () => number): string {
  return text
    .split(' ')
    .map((word) => (!small.has(word) && word.length > 3 && random() < share ? nonsense(random) : word))
    .join(' ')
}

/** One text to train on. */
export interface Utterance {
  text: string
  label: string
}

/**
 * Every training text: the patterns of `utterances/`, carried by many ways of asking, some with slips of the finger
 * and unknown words. The same each time.
 * @param each how many texts a pattern yields.
 */
export function trainingTexts(each = 48): Utterance[] {
  const random = randomFrom(20_26)
  const texts: Utterance[] = []
  const seen = new Set<string>()
  const add = (label: string, text: string) => {
    let made = text
    if (random() < (label === 'out_of_scope' ? 0.3 : 0.12)) made = strange(made, 0.25, random)
    if (random() < 0.12) made = slip(made, random)
    const key = `${label} ${made}`
    if (seen.has(key)) return
    seen.add(key)
    texts.push({ label, text: made })
  }
  for (const [label, { actions, matters, sentences }] of Object.entries(written)) {
    for (const pattern of actions)
      for (let count = 0; count < each * 2; count++) {
        const action = expand(pattern, slots, random)
        if (random() < 0.25) {
          const [verb = '', ...rest] = action.split(' ')
          add(label, expand(pick(aroundGerunds, random), slots, random).replace('*', [gerund(verb), ...rest].join(' ')))
        } else add(label, expand(pick(aroundActions, random), slots, random).replace('*', action))
      }
    for (const pattern of matters)
      for (let count = 0; count < each; count++)
        add(label, expand(pick(aroundMatters, random), slots, random).replace('*', expand(pattern, slots, random)))
    for (const pattern of [...sentences, ...(byIndustry[label] ?? [])]) {
      const plain = !/[({]/.test(pattern)
      const wide = /\{(?:ware|garment|gadget|program|service|dish|subject|daily)\}/.test(pattern)
      const many = label === 'continuation' || wide ? each * 4 : plain ? Math.ceil(each / 3) : each
      for (let count = 0; count < many; count++) {
        const sentence = expand(pattern, slots, random)
        add(
          label,
          label === 'continuation'
            ? sentence
            : expand(pick(aroundSentences, random), slots, random).replace('*', sentence),
        )
      }
    }
  }
  for (let at = texts.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const held = texts[at] as Utterance
    texts[at] = texts[other] as Utterance
    texts[other] = held
  }
  return texts.filter(({ text }) => vowel.test(text) || /\d/.test(text) || text.length < 8)
}
