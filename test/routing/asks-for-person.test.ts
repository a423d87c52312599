import { describe, expect, it } from 'vitest'
import { createLocalRouter } from '../../graphs/routing/local-router.ts'
import billing from '../../graphs/specialists/billing.ts'
import returns from '../../graphs/specialists/returns.ts'
import techSupport from '../../graphs/specialists/tech-support.ts'

const router = createLocalRouter({ specialists: [billing, returns, techSupport] })

const asks = `
let me talk to a human
TALK TO A PERSON NOW
agent
agnet please
i wnat to speka to a humna
spek to someone
operator!!!
can i get a real person
put me through to somebody
I'd like to speak with your supervisor
get me your manager
customer service representative
is there a human there
call me back
can someone call me
what is your phone number
do you have a number I can ring
live chat
connect me with an agent
trnasfer me to an agent
i dont want to talk to a bot
no more bots
stop this bot, human
i need a human being
i need to speak to an actual person about my bill
escalate this
please escalate my case
talk to sombody
I want to speak to a representitive
reprsentative
connect me to customer care
customer care number
how do I contact you
how can i call you
may I speak to a member of your team
someone from your team should contact me
i would like a call back please
hablar con un agente
ich möchte mit einem Menschen sprechen
je veux parler à un conseiller
let me speak to your boss
give me a human
I want a person
need human help
hand me over to a colleague
is anybody there who can help me, a real human
human, please
I'd rather talk to someone
chat with a live agent
get someone on the phone
I need to talk with a person
can i talk to a human???
pls connect agent
i want to speak with an assistant
reach a support agent
can I speak to one of your colleagues
i am going to need to talk to a real life person here
put a human on
forget the bot I want a human
someone real please
`

const others = `
my router keeps dropping the wifi
the agent told me my refund was approved
how many people live in paris
can someone help me with my bill
I spoke to an agent yesterday and still no refund
your agent said it would be fixed
my phone number changed
how do I change my phone number
i cannot make calls
my calls drop
call mom
my manager needs an invoice
I need a password manager
human body temperature
the delivery person left it at the door
how do I become an agent
travel agent
who do I talk to about a double charge
i was charged for a call to customer service
do not call me
is anyone else having an outage
what is my order number
i need my account number
no person was home when you delivered
the operator of the crane in the museum
my voice assistant does not work
a person bought it for me
contact lenses arrived scratched
transfer money to another person
i sent money to the wrong person
add a person to my family plan
remove a person from my account
my contact number is 555 0142
verify my mobile number
someone hacked my account
the machine does not take my card
does the warranty cover a second person
connect my phone to the support app
`

describe('an ask for a person', () => {
  it.each(asks.trim().split('\n'))('is heard in "%s"', (text) => {
    const told = router.route(text)
    expect(told.to).toBe('human')
    expect(told.confidence).toBeGreaterThan(0.9)
    expect(router.route(text, { owner: 'billing' }).to).toBe('human')
    expect(router.route(text.toUpperCase()).to).toBe('human')
  })

  it.each(others.trim().split('\n'))('is not heard in "%s"', (text) => {
    expect(router.route(text, { owner: 'tech-support' }).to).not.toBe('human')
  })

  it('is heard at the end of a long message', () => {
    expect(router.route(`${'my order is late and nobody helps. '.repeat(100)}I want to talk to a person`).to).toBe(
      'human',
    )
  })
})
