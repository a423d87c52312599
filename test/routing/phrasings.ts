/** Messages of many industries and voices, written before the router was tuned to them: one a line, by desk. */
export const phrasings: Record<string, string> = {
  billing: `
my telco took 45 out of my account and my plan is only 30
y is there a premium sms thing on this months bill
could you clarify the line item called regulatory recovery
i'd appreciate it if you'd send over the March statement
we got billed for seats of people who left the company
Kindly share invoice copy for order 88121
need an itemized receipt for my accountant
money gone from wallet, recharge still not done
the autopay ran on the wrong day
my bank shows two pending holds from you guys
how come I'm paying 12.99 when the ad said 7.99
I would like assistance to change the card on file
what forms of payment do you take
does my policy premium go up next year
I'm being dunned for a debt I settled in June
please explain the proration on last invoice
HOW MANY TIMES ARE YOU GOING TO CHARGE ME
there's an amount debited by a merchant i never dealt with
cancel my gym membership effective immediately
I do not wish to continue with the premium tier after the trial
can I defer this month's installment
whats my outstanding
wire from abroad arrived short, who took the difference
do you charge for paper statements
is paypal okay
i want to know the amount of my next bill
the coupon didn't come off the total
how do I dispute a purchase on my credit card
when does the direct debit leave my account
i need my 2023 tax statement
I have topped up 500 but wallet shows zero
why did you auto renew me
can you take the late fee off just this once
my debit card was used in a country I've never visited
what would it cost me to break the contract
could u help me to find my bills
payment bounced, what now
upgrade me to the yearly plan
interest on my credit line looks off
my electricity direct debit doubled`,
  returns: `
the blender you shipped doesn't fit the description, want my cash back
hey the hoodie is way too tight, swap for L?
what's ur policy on sending stuff back
I'd like to know under what circumstances I could be reimbursed
box was crushed and two mugs are in pieces
got a left shoe and another left shoe
opened it, hate it, can it go back
do I need the tags on to bring it back
courier never picked up my return
how many days do I have to change my mind
I wish to be compensated for the spoiled meal kit
print return sticker
the sofa leg snapped after three days, is it under guarantee
please arrange a replacement unit
can I trade this in for the newer one
you guys delivered someone else's parcel to me
i dont want the package anymore please cancel the order
am I allowed to give back a gift
the ring is fake, refund me
item came expired
receipt lost, exchange possible?
where do i ship the defective modem
asked for navy, got black
want reimbursement for the concert that was called off
one part of the shelf isn't in the carton
do you do free returns
how does the trial period work if I don't love the pillow
my glasses arrived scratched
I need a new one, this one is dented
what do I do to get my money returned for this order
warranty covers water damage?
the dress looks nothing like the picture
my claim for the broken vase was rejected
need to swap sizes
when will you process the refund for the boots I mailed back`,
  'tech-support': `
can't get past the login screen
the OTP never shows up on my phone
your site throws a 502 whenever I hit pay
i forgot what my user id is
my decoder is stuck on searching for signal
wifi dies every time the microwave is on
the smart lock lost its pairing
excel add-in disappeared after the upgrade
account got locked coz of too many tries
app wont open on my galaxy
zoom has no audio
how do I set up the new extender
my e-sim isn't activating
I want to have my password changed
can you walk me through reinstalling the driver
the screen goes dark after ten seconds
it keeps asking me to verify my identity
Trouble registering as a new user
streaming freezes at 80 percent
live channel shows black screen
our staff can't access the portal since this morning
the form says invalid email but it's correct
i need to get back into my old profile
printer offline again!!
calls drop after a minute
no bars at my house
my security question answer isn't accepted
2fa codes rejected
search bar on your webshop returns nothing
basket empties itself when I refresh
how do i wipe the tablet to factory condition
is the server down
laptop makes a grinding noise and shuts off
can't upload claim documents, page hangs
game launcher error 0x887
how do I switch the language in the app
save button is greyed out
battery drains within an hour
remote stopped responding
VPN won't connect from home`,
  human: `
put someone on the phone
I'd rather deal with a living soul
is any of your colleagues free to chat
gimme a rep
i wana spek to a humn
AGENT!!!!!!
would you mind connecting me to a member of staff
how do I reach customer relations
I need to talk with an actual person about this mess
who's in charge there, let me speak to them
please have a manager ring me
what's the hotline
do you have a number I can dial
not talking to a machine, get me support staff
I want to lodge this with your supervisor
could an operator assist me
talk 2 someone
let me chat with an adviser
forward me to a real representative
i need a call back today
can I phone you
i wish to have a word with someone from the team
quiero hablar con una persona
stop the bot, human now`,
  out_of_scope: `
who painted the sistine chapel
best way to poach eggs
how's the surf in portugal this week
remind me to buy stamps at 4
how tall is mount fuji
play something by the rolling stones
what's the capital of mongolia
did the mets win
is my horoscope good today
book two seats on the night train to vienna
how do you say cheers in norwegian
what time does the pharmacy on elm street close
tell me something weird about octopuses
switch off the bedroom lamp
why do onions make you cry
how many grams in an ounce
recommend a thriller on netflix
are you a boy or a girl
can dogs eat blueberries
write me a limerick
what's 17 times 23
who's the prime minister of japan
I need a cab to the airport
when was the printing press invented
how do I get red wine out of linen
what is bitcoin trading at
add olive oil to my shopping list
what should I name my kitten
how long to roast a 5 pound chicken
is it raining in seattle
do you dream
which phone has the best camera, iphone or pixel
how do credit cards work
what does amortization mean
how do I change a flat tire
i think my girlfriend is mad at me
what's the fastest land animal
find me a sushi place nearby
how do routers work
is gluten bad for you
send a text to mom saying im late
what's trending on twitter
turn the thermostat up to 70
are loans a good idea for students
what size is king bed in inches
when is the next eclipse
how do you play backgammon
give me a synonym for happy
what year was nokia founded
can you make phone calls to my aunt`,
}
