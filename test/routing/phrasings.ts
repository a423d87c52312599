/**
 * Messages of many industries and voices, one a line, by desk: three lots, each written and measured before the
 * training texts were widened after it (92.6, 95.8 and 94.7 % right at first sight).
 */
export const phrasings: Record<string, string> = {
  billing: `
why did my renters policy go up by 20 bucks
the airline took the seat fee two times
you guys still haven't sent the bill for November
tuition installment shows unpaid though I paid via bank
is it possible to pay half now and half later
I'm seeing a weird subscription called ABC*Media on my card
need to know what the overage will be on my data
how do I get off autopay
I want to see when my next payment is scheduled
the vet invoice has the wrong pet on it
am I going to be charged if I cancel the trial today
transfer to savings never posted
Can I settle the invoice in euros
got a reminder for an invoice which is already settled
what does the service charge cover on my rent bill
please stop taking 9.99 every month
my cashback hasn't been credited
I'd like help checking the exit fee
parking app billed me overnight
do you have a cheaper tier
my mobile recharge of 299 got deducted twice
i am not understand why the amount is more this time
Please tell me premium due date of my car policy
can u pls waive off annual fee on my card
why there are 3 entries of same amount in passbook
I'd like to know if there's any way to see my invoices from August
need assistance settling my account
What happens to my subscription if I miss a payment
my kid purchased gems by mistake, remove the charge
hello, I see a charge for HBO that I never ordered
the agent told me 49 but I've been billed 79
i want stop my plan from next month
do I get billed if I pause my membership
my credit card got declined when I tried to renew
show me bill for last quarter
swapped to paperless but still getting charged for paper bill
how can I use my store credit toward the payment
Where can I see the penalty for leaving early
I have a hold of $150 on my card from the hotel
need the breakup of charges
want to change from credit card to bank debit
are there any surcharges when paying with amex
the loan EMI bounced even though I had balance
wallet money missing
I would like to report an unauthorised payment
how much do i have to pay for the licence per seat
my deposit of 50 isn't showing in my betting account
you debited my closed account
please move my due date to the 15th
what taxes are on my phone bill
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
the helmet I bought has a loose strap, can it be exchanged
unhappy with the desk, come pick it up
What is the time limit for sending an item back
I was delivered somebody's medicine
wanna know your policy for refunds
the game disc is scratched, swap it
the lamp is cracked and I'd like a new one
can I still return after assembling it
I received only 2 of 3 boxes
need my cash back for the faulty toaster
trying to get compensated for the damaged luggage I bought from you
one of the earbuds is defective, how do I get a replacement under warranty
please tell me the conditions to get reimbursed
the sweater pilled after one wash
it's the wrong edition of the textbook
send a courier to fetch the return
the kurta you send is of wrong colour, kindly exchange
i am wanting to give back the headphone
received half eaten cake, give refund
Is there any provision for return if not suitable
how do I go about getting a reimbursement for the spoiled groceries
shoe bite problem need to replace with bigger
I purchased a jacket and there is a stain on it when I got it
the vase was shattered to bits when I unpacked it
money back guarantee how it works
I'd like to see your reimbursement policy
in which cases can I ask for my money back
box had somebody else's order inside
can you tell me whether you accept exchanges without tag
my table came without its legs
want to cancel the order I made an hour ago
the mattress is too firm, can I use the trial to give it back
do you cover hinges under guarantee
I need a prepaid label to mail it back
I never got my parcel and I would like to be refunded
they sent me men's instead of women's
the charger I bought smells burnt, can I get another
is clearance stuff returnable
I want compensation for the ruined birthday cake
help me with refunding my last purchase
product received is used one
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
the booking engine won't accept my passport number
telehealth video call has no picture
I keep getting kicked off the wifi in my dorm
student portal password expired
tried three browsers and the form still won't submit
my meter app is not syncing
how to factory reset my dash cam
app says no internet although I'm online
can't hear the other person on calls
the POS terminal is frozen
unable to see my test results in the portal
how do I link my bank in the app, it fails at step 3
i never got the email to activate my account
ebook reader stuck on page one
thermostat shows E4
kids profile disappeared from my streaming app
i need to change the email I sign in with
autofill types the wrong password
macbook trackpad dead
charging station does not recognise my app
app is not opening since morning pls help
otp nahi aa raha hai not receiving otp
unable to signin, it says invalid credentials
my tv box is showing no signal on all the channel
net is very slow from two days
how could I register an account
I have a problem with my user, I can't enter
need to recover the PIN of my profile
tablet does not detect the pen
the software crashed and I lost my work
page keeps spinning when I try to add stuff to the bag
My account is showing as inactive
cannot connect printer with laptop
i want to set the router name
how can I turn off the two step login
the movie stops every two minutes
your chatbot widget covers the button on mobile
I got a new handset and need to move the app over
system says my session is expired each time
GPS not tracking my run
smart watch does not show messages
unable to reset my passcode
there is an issue with the sign up form
hotspot drops when the screen locks
I keep hearing static on my line
email client refuses my password
keyboard some keys don't work
my licence code is refused by the installer
photos not backing up
why do I have to log in again every day
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
any chance of a phone call with one of you
i need somebody who actually understands, not software
patch me through to an agent
who can I speak with regarding this
let me have a chat with your representative
give me the support hotline
I'd like to be called back this afternoon
talk to a live consultant
i want talk with customer executive
kindly arrange callback from senior person
I'm fed up, get your supervisor
want to speak to real agent not machine
pls provide toll free no
is there someone I could talk with
I need assistance from an actual human
can you direct me to a live person
may I have the number of your office
could you get somebody from support on chat
I want to be transferred to a representative
how do I talk to a human being here
bring me a manager
hello is any human there
assistance to talk to an agent
can an adviser phone me
I'd like a word with your team lead
this isn't helping, someone real please
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
how do batteries store energy
what's the average rent in boston
who signed the magna carta
how do i unclog my sink
is my zodiac sign compatible with leo
add eggs to the list
what's a good name for a boat
how long is the flight from london to sydney
what currency is used in hungary
make a reservation at an italian place for 8
turn on do not disturb and dim the lights
why do phones get hot
who makes the best routers
can you explain the electoral college
what's the plural of octopus
i had an argument with my sister
how many calories in a slice of pizza
what's playing at the cinema
do sharks sleep
how to tie a tie
how much snow fell in buffalo
are electric cars really greener
what's your opinion on pineapple pizza
start the vacuum
where was beethoven born
how do i get a driver's license
what is the longest river in europe
recommend me some jazz
is 7 a prime number
when does daylight saving end
which planet has the most moons
can you order me a pepperoni pizza
how do I apologize to my wife
show me the fastest way to the stadium
what's the score of the cricket match
mute the speakers in the den
how long does it take for concrete to dry
put yoga on my calendar for thursday
what does bae mean
who won best picture in 1994
i need ideas for a birthday party
how many feet in a kilometer
any good podcasts about history
is it too cold to plant tomatoes
what rhymes with orange
when is ramadan this year
tell me the plot of hamlet
read me the latest news about the election
how do you get a passport
what kind of dog is that
how much does a plumber make
what's the difference between a crocodile and an alligator
delete my 7 am alarm
how do i make my hair grow faster
do penguins have knees
dim the hallway lights
whats the tallest building in dubai
my back hurts what should i do
how do i say good luck in korean
where can I go hiking near denver
is tesla stock a good buy
what movies are showing tonight
find me a cheap flight to rome
what time is it in tokyo
i feel lonely
what is the speed of light
rate this album four stars
write an email to my boss saying i'm sick
how do i cook brown rice
who is your favourite singer
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
