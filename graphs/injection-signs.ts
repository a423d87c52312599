/** What a text that wants to talk a model out of its task is likely to say, by the name of the sign. */
const SIGNS: Record<string, RegExp> = {
  'takes instructions back': either(
    String.raw`\b(?:ignor\w*|forget|disregard|overlook|discard|drop|neglect|override|bypass|abandon|(?:do not|don'?t) (?:follow|obey|listen to))\b(?:(?!\b(?:my|our)\b)[^.?!\n]){0,60}\b(?:instruction\w*|rules?|prompts?|assignments?|commands|guidelines|context|(?:all|every\w*|anything|what)\b[^.?!\n]{0,30}\b(?:above|before|previous\w*|prior|earlier|said|told|know|learned)|(?:all|everything|previous|prior|above|former)\b[^.?!\n]{0,30}\b(?:tasks?|orders|information|content|text|statements?))\b`,
    String.raw`\b(?:forget|ignore) (?:about )?(?:everything|all)\b(?! (?:that|of (?:it|that|this))\b)`,
    String.raw`\b(?:ignorier\w*|vergiss\w*|vergess\w*|missachte\w*|verwirf|streiche\w*|lass\w*)\b[^.?!\n]{0,60}\b(?:alle\w*|alles|vorherig\w*|vorhergehend\w*|vorangegangen\w*|obig\w*|bisherig\w*|davor|zuvor|anweisung\w*|aufgabe\w*|befehl\w*|instruktion\w*|regeln?)\b`,
  ),
  'asks for the prompt': either(
    String.raw`\b(?:show|print|reveal|repeat|output|display|return|tell|give|write|spell|summari[sz]e|what (?:is|are|was|were))\b[^.?!\n]{0,60}\b(?:prompts?|(?:your|initial|original|hidden|system|prior|previous)\b[^.?!\n]{0,20}\binstructions?|system message|(?:text|words|sentences|everything|instructions) above)\b`,
    String.raw`\b(?:zeig\w*|gib\w*|nenn\w*|wiederhol\w*|drucke?|schreib\w*|verrat\w*|verrät|sag\w*)\b[^.?!\n]{0,60}\b(?:prompt\w*|(?:deine|ihre|alle|obige)\w* anweisung\w*|instruktion\w*|system\w*nachricht)\b`,
    String.raw`\bsystem[- ]?prompts?\b|\bprompt[- ]?texte?\b`,
  ),
  'gives another part to play': either(
    String.raw`\b(?:you are (?:now|no longer|going to)|from now on|act as|pretend (?:to be|you|that)|role-?play|imagine (?:you|that you)|stay in character|i want you to (?:act|be|pretend)|let'?s play a game)\b`,
    String.raw`\b(?:du bist (?:jetzt|nun)|sie sind (?:jetzt|nun)|ab (?:jetzt|sofort)|von nun an|tu so|tun sie so|stell dir vor|stellen sie sich vor|verhalte? dich|spiele? (?:die|eine) rolle)\b`,
  ),
  'begins another task': either(
    String.raw`\b(?:new|real|actual|next|following|main) (?:instructions?|tasks?|assignments?|objective|commands?)(?:\s*[:.,]|\s+(?:is|are|for you|to)\b)|\binstead,? (?:of that |only |just )?(?:say|write|answer|print|respond|output)\b|\b(?:focus|concentrate) (?:only )?on the (?:following|new)\b|\bnow (?:comes? (?:a |the )?(?:new|real)|i have (?:a )?new|here (?:is|are) (?:a |the |some )?(?:new|real))\b`,
    String.raw`\b(?:neue[nrs]?|eigentliche[nrs]?|nächste[nrs]?) (?:aufgaben?|anweisung\w*|instruktion\w*|befehle?|auftrag)\b|\bjetzt (?:kommen|folgt|gilt|musst|sollst) \w+|\b(?:konzentrier\w*|fokussier\w*)\b[^.?!\n]{0,30}\b(?:neue\w*|folgende\w*)\b`,
  ),
  'speaks of a model without limits': either(
    String.raw`\b(?:jailbreak\w*|developer mode|god mode|sudo|admin(?:istrator)? (?:mode|override|access)|\bDAN\b|do anything now|no (?:restrictions|limits|filters|rules)|without (?:any )?(?:restrictions|limits|filters|censorship|rules)|unfiltered|uncensored)\b`,
  ),
  'imitates markup of a prompt':
    /<\/?(?:system|assistant|instructions?|prompt|ask|passage|user)\b[^>]*>|\[\/?(?:INST|SYSTEM)\]|<\|[a-z_]+\|>|^\s*(?:system|assistant)\s*:/im,
  'names tools or identities of ours':
    /\b[a-z]+_(?:charge|order|return|subscription|device|item)s?\b|\bcus_\d{2,}\b|\bcustomer_?id\b/i,
}

function either(...sources: string[]): RegExp {
  return new RegExp(sources.join('|'), 'iu')
}

/**
 * Signs that a text speaks to a model rather than to a support desk, in English and German; empty for most texts. Only
 * a signal: it misses many attacks and must never be the reason that somebody is refused an answer.
 */
export function injectionSigns(text: string): string[] {
  const plain = text.replace(/[\u200B-\u200F\u2060\uFEFF]/g, '').replace(/[’`]/g, "'")
  return Object.entries(SIGNS)
    .filter(([, sign]) => sign.test(plain))
    .map(([name]) => name)
}
