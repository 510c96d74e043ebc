"""Makes stories.txt: short tales told by a grammar, in plain ASCII, for models that read letter by letter.

Run it as `python resources/data/makers/stories.py [FOLDER]`. A tale keeps to its persons, its place and its things: who
lost the lantern in the first paragraph finds that lantern in the last. Where the grammar names `<symbol>`, one of the
symbol's lines is told in its stead; what stands in braces belongs to the tale and stays the same throughout.
"""

import re
import sys
from pathlib import Path
from random import Random

SEED = 7
SIZE = 450_000

HEROES = """
Ada she girl|Bruno he boy|Cleo she weaver|Dario he fisherman|Edda she shepherd|Finn he miller|Greta she baker
Hugo he sailor|Ines she clockmaker|Jonas he gardener|Kaya she painter|Leo he boy|Mila she girl|Nils he carpenter
Olga she doctor|Pablo he musician|Quinn she messenger|Rosa she teacher|Sami he shepherd|Tilda she ferrywoman
Ulf he blacksmith|Vera she beekeeper|Wim he postman|Yara she glassblower|Zeno he stargazer
"""
ANIMALS = """
fox Russet|crow Inkwell|hedgehog Bramble|cat Pepper|goat Thistle|owl Minna|dog Button|hare Clover|otter Ripple
donkey Barley|mouse Crumb|heron Stilt|badger Mortimer|goose Agatha|squirrel Tansy
"""
PLACES = """
village of Alder Bridge|town of Little Harbor|valley of the three mills|village of Stonewell|island of Marrow
town of Copperfield|hamlet of Low Fern|port of Saint Orla|village under the hill|town of Seven Bells
"""
GOALS = """
old forest|lighthouse|mill by the river|castle ruin|cave behind the waterfall|great marsh|market of the next town
tower of the bells|mountain pass|far shore of the lake|orchard of the widow|abandoned quarry
"""
THINGS = """
silver key|brass lantern|blue kite|wooden flute|golden bell|red umbrella|glass marble|map of the coast|copper kettle
woolen hat|pocket watch|small music box|letter with a green seal|compass|pair of boots|book of songs|basket of pears
clay jug|white feather|iron ring
"""
SEASONS = """
spring the first swallows had come back|summer the hay lay drying in the fields
autumn the apples were heavy on the branches|winter the wells were frozen over
"""

GUARDS = """
toll keeper|giant|soldier without a war|man with seven keys|troll|captain without a ship|judge|knight on a mule
"""
ADVISERS = """
old miller|innkeeper|tailor|night watchman|cheese seller|bell ringer|schoolmaster|mayor|charcoal burner|rope maker
"""
COLORS = "red|blue|green|yellow|white|gray"

GRAMMAR = """
tale: <opening> <life>/<loss>/<setting out>/<meeting>/<obstacle>/<talk on the way>/<arrival>/<finding>/<home>
tale: <opening> <loss>/<village talk>/<setting out>/<meeting>/<obstacle>/<arrival>/<guardian>/<home>
tale: <opening> <life>/<loss>/<village talk>/<setting out>/<meeting>/<talk on the way>/<obstacle>/<obstacle>/<arrival>/<guardian>/<home>
tale: <opening>/<loss>/<setting out>/<meeting>/<night>/<obstacle>/<arrival>/<finding>/<home>
tale: <opening> <life>/<visitor>/<request>/<labor>/<payment>/<after>
tale: <opening>/<quarrel>/<contest>/<contest turn>/<contest end>/<after>
tale: <letter opening>/<letter news>/<letter news>/<letter news>/<letter wish>/<letter end>

visitor: On a <weather> <time of day> somebody knocked. Outside stood a {animal} with a <bundle>. "<hail>," it said. "I am {friend}. They say that you <skill>." "They say many things," said {hero}. "Come in and shut the door."
visitor: It was {season}, and {hero} wanted to go to bed, when a {animal} put its head through the window. "Are you the {trade}? I am {friend}, and it cannot wait." "<hail back>," said {hero}, and put the kettle on.
bundle: bundle on its back
bundle: lantern
bundle: letter in its mouth
bundle: hat much too large
skill: can do anything but whistle
skill: never send anyone away
skill: know what to do
skill: are the best {trade} between here and the sea
request: "My {thing} is broken," said {friend}, "and without it I cannot <need>." {hero} turned it over and over. "<doubt>," {he} said. "But I will try."
request: "I need a {thing} before {season} is over," said {friend}. "I have no money, but I have <payment offered>." {hero} had never made such a thing. "<doubt>," {he} said. "But I will try."
need: marry
need: find the way to the {goal}
need: sleep
need: go back to my family
need: play at the feast
payment offered: time
payment offered: <number> nuts and a good memory
payment offered: a secret
payment offered: friends in high trees
doubt: I am a {trade}, not a magician
doubt: This will take <number> days
doubt: I have never seen anything like it
doubt: My <elder> could have done it
labor: {He} worked until <until>. The first day <mishap>. The second day <mishap>. On the third day {friend} said, "<advice>," and {hero} tried that, and it was right.
labor: For <number> days {he} did nothing else. {friend} sat beside {him} and <evening>. "Is it ready?" "No." "Is it ready now?" "No." Then, one <time of day>, it was ready.
mishap: everything came apart
mishap: the glue would not dry
mishap: {he} hit {his} thumb and said a word that is not written here
mishap: the wind blew the best piece away
mishap: it looked more like a turnip
advice: Try it the other way around
advice: Do it as if nobody were looking
advice: Have some tea first
advice: Use less of everything
payment: "What do I owe you?" asked {friend}. "<price>," said {hero}. {friend} <paid>.
payment: {friend} looked at the {thing} for a long time. "It is better than it was," said the {animal}, and <paid>.
price: Nothing
price: A story, when you pass by again
price: Carry the water for <number> days
price: Tell nobody, or they will all come
paid: laughed, and then cried, and then laughed again
paid: left a <color> stone on the sill and was gone
paid: bowed so low that the hat fell off
paid: promised to come back in {season}, and did
after: Some weeks later {hero} came past the {goal} and heard <sound heard>. {He} smiled and walked on. <last word>
after: And when people asked {him} about it, {he} only said, "<hero says>." <last word>
after: That night {he} sat by the <seat> and <evening>. <last word>
sound heard: somebody laughing
sound heard: a song that {he} knew
sound heard: {his} own name
hero says: You should have been there
hero says: It was a long day
hero says: Ask the {animal}
hero says: I would do it again
quarrel: One <time of day> {hero} and the {adviser} quarreled about <matter>. "<claim>," said {hero}. "<claim>," said the {adviser}. In the end all the {place} was standing around them. "Let them settle it at the {goal}," said a {animal} whom everyone called {friend}, "and the winner gets the {thing}."
matter: who had seen the first star
matter: a hen
matter: the right way to cut bread
matter: the weather of the year before
matter: nothing in particular
claim: You could not tell a goose from a gander
claim: I have never been wrong on a <weather> day
claim: Even a child of <number> knows that
claim: Say that again
contest: So on the next <weather> day they met. The task was <task>. {hero} had prepared for <number> days; the {adviser} had slept well and brought <food>.
task: to run around the {goal} <number> times
task: to stand on one leg until somebody laughed
task: to tell the greatest lie
task: to guess the weight of the bell
task: to keep silent the longest
contest turn: At first it went well for {hero}. Then <mishap>, and the people held their breath. "<joint advice>!" called {friend}. {hero} <answer of body>.
contest turn: Until <until> neither was ahead. Then the {adviser} sneezed. It was such a sneeze that <sneeze>.
joint advice: Breathe
joint advice: Think of your <elder>
joint advice: Do not look down
joint advice: The other foot
answer of body: took heart
answer of body: did not hear it, and that was good
answer of body: began again
sneeze: the crows flew up from the {goal}
sneeze: <number> hats fell to the ground
sneeze: the mayor lost count
sneeze: everyone forgot who was winning
contest end: In the end nobody could say who had won. "Then I keep the {thing}," said {friend}, "until you do." And so {hero} and the {adviser} had to be friends.
contest end: {hero} won, and was given the {thing}, and did not know what to do with it. So {he} gave it to the {adviser}, who <thanks>.
thanks: hung it over the door
thanks: blushed like an apple
thanks: lost it before {season} was over
thanks: gave it back the next day
contest end: The {adviser} won. "<grudge>," said {hero}, and shook hands, and meant it.
grudge: You were the better fool
grudge: Next year I will bring <food>
grudge: I have learned something, though I do not know what
until: noon
until: midnight
until: the moon was up
until: the cows came home
until: the last candle was out
letter opening: Dear {friend}, I write to you from the {place}, where it is {season} now. <road>
letter opening: Dear {friend}, you asked how a {trade} lives in the {place}. Let me tell you.
letter news: The {adviser} has bought <number> geese, and now nobody can sleep. "<rumor>," says everybody, but it is the geese.
letter news: Last week I lost my {thing}. I looked in the <container>, and what did I find? <trace up>, but no {thing}.
letter news: A {guard} came through with a <weapon> and asked for the way to the {goal}. I sent him to the {adviser}, who sent him back to me.
letter news: The <small animal> under the stairs is well. It has <number> children and a <color> hat, or so it seems to me.
letter news: I dreamed of you. We were at the {goal}, and there was <sight>. Then I woke, and it was only the <noise>.
letter news: On a <weather> <time of day> I went to the {goal} with <food>. I was alone there, and it was good.
letter news: They have painted the town hall <color>. I say that it is <color>, the {adviser} says that it is <color>, and so we have something to talk about.
trace up: A feather
trace up: Half of a torn ticket
trace up: <number up> walnuts
trace up: My other glove
letter wish: Do you still have the {thing} that I gave you? <why>. Please take care of it.
letter wish: When will you come? There is a chair for you by the <seat>, and I have learned to bake.
letter wish: If you come, bring <food> and a good story. Of the first we have little, of the second none.
letter end: Yours, {hero}
letter end: Your old friend, {hero}, who is still <virtue> and a little <flaw>
letter end: I must stop, for the candle is short. Your {hero}

opening: In the {place} there lived a {trade} named {hero}.
opening: Once, when it was {season} and {scene}, a {trade} called {hero} came to live in the {place}.
opening: Everybody in the {place} knew {hero}, the {trade}.
opening: Long ago, in the {place}, there was a {trade} whose name was {hero}.
opening: It was {season} in the {place}, and {scene}. {hero} the {trade} was up before the sun.

life: {He} had a small house with a <color> door, <number> chairs and a {thing} that had belonged to {his} <elder>.
life: {He} was neither rich nor poor, but {he} owned a {thing}, and {he} was as proud of it as of nothing else.
life: Every morning {he} <chore>, and every evening {he} sat by the <seat> with {his} {thing} and <evening>.
life: People said that {he} was <virtue> and a little <flaw>, and both were true.
life: {He} lived alone, but for the <small animal> under the stairs, and {he} kept {his} {thing} on a shelf above the stove.

elder: grandmother
elder: grandfather
elder: great-aunt
elder: father
elder: mother
chore: swept the yard
chore: fetched water from the well
chore: fed the hens
chore: opened all the windows
chore: baked a flat round loaf
chore: greeted the neighbors one by one
chore: climbed the hill to look at the weather
seat: fire
seat: window
seat: river
seat: open door
evening: hummed an old tune
evening: counted the stars
evening: thought about the day
evening: listened to the wind
evening: told <small animal> stories to nobody at all
small animal: mouse
small animal: cricket
small animal: spider
small animal: toad
virtue: kind
virtue: patient
virtue: clever
virtue: brave
virtue: honest
virtue: careful
flaw: stubborn
flaw: forgetful
flaw: proud
flaw: slow
flaw: shy
flaw: curious
color: red
color: blue
color: green
color: yellow
color: white
color: gray
number: two
number: three
number: four
number: five
number: seven
number: nine

loss: One <time of day> the {thing} was gone. {hero} looked under the bed, behind the stove and in the <container>, but it was nowhere. "<exclamation>," said {hero}. "<vow>"
loss: Then, one <time of day>, <culprit> took the {thing} and carried it off toward the {goal}. {hero} saw it from the window and could do nothing. "<exclamation>!" {he} cried.
loss: But on a <weather> <time of day> {he} came home and found the door open and the {thing} missing. On the floor lay <trace>. "Whoever left this," said {hero}, "has gone to the {goal}."
loss: One <time of day> {hero} lent the {thing} to a stranger with a {color} coat, who promised to bring it back in <number> days. <number up> weeks went by, and no stranger came. "<vow>" said {hero} at last.
time of day: morning
time of day: evening
time of day: afternoon
time of day: night
weather: rainy
weather: windy
weather: foggy
weather: bright
weather: cold
container: flour bin
container: woodshed
container: old sea chest
container: cupboard
container: oven
exclamation: What bad luck
exclamation: Well, well
exclamation: This cannot be
exclamation: Dear me
exclamation: I should have known
vow: I will find it, and if it takes me <number> weeks.
vow: I will not sleep until I have it back.
vow: A thing does not walk away by itself.
vow: Somebody must know where it is.
vow: Tomorrow I will go and look for it.
culprit: a magpie
culprit: the north wind
culprit: a peddler with a squeaking cart
culprit: a very large rat
culprit: a flood, sudden and brown,
culprit: a boy whom nobody knew
trace: a <color> button
trace: a feather
trace: a trail of <crumbs>
trace: a muddy footprint as long as an arm
trace: half of a torn ticket
trace: a single walnut
crumbs: bread crumbs
crumbs: sand
crumbs: oat husks
crumbs: candle wax
number up: Two
number up: Three
number up: Four
number up: Six

village talk: {hero} asked the neighbors. The <neighbor> had seen nothing. The <neighbor> had heard a noise, but took it for the <noise>. Only the {adviser} thought for a while and said, "<hint>"
village talk: At the well the people talked of nothing else. "<rumor>," said the <neighbor>. "Nonsense," said the {adviser}. "<hint>"
village talk: "Go and ask the {adviser}," they all told {him}. So {hero} went and asked. "<hint>" said the {adviser}, and went on <work>.
neighbor: old miller
neighbor: innkeeper
neighbor: tailor
neighbor: night watchman
neighbor: cheese seller
neighbor: bell ringer
neighbor: schoolmaster
neighbor: widow from next door
neighbor: mayor
neighbor: charcoal burner
noise: wind in the chimney
noise: cat on the roof
noise: river
noise: baker at work
rumor: It was the ghost of the quarry
rumor: The fairies take such things in {season}
rumor: It will turn up in the soup, as lost things do
rumor: My cousin lost one just like it
hint: Whatever is lost around here ends up at the {goal}.
hint: I saw something shine on the road to the {goal}.
hint: If I were you, I would try the {goal}. But take a stick with you.
hint: Nobody goes to the {goal} any more, and that is why I would look there first.
work: mending a sieve
work: plucking a hen
work: stirring the pot
work: sharpening a scythe
work: counting coins

setting out: The next morning {hero} packed <food>, put on <clothes> and set out for the {goal}. <road>
setting out: {He} did not wait for <waiting>. With <food> in {his} bag {he} took the road to the {goal}. <road>
setting out: "Good-bye," said {hero} to the house, and locked it, and walked. It was <number> hours to the {goal}. <road>
waiting: the rain to stop
waiting: the bread to cool
waiting: anybody's advice
waiting: daylight
food: a piece of cheese
food: <number> boiled eggs
food: half a loaf and an onion
food: some dried plums
food: a bottle of cold tea
clothes: {his} thickest coat
clothes: two pairs of socks
clothes: {his} Sunday hat
clothes: a borrowed cloak
road: The road went up and down like a tired thought.
road: Larks hung over the fields, and the dust was warm.
road: The hedges dripped, and there was nobody to be seen.
road: On the left ran the river, on the right a long gray wall.
road: Behind the last house the path became narrow, and then it became grass.
road: Clouds came over the hills, one after another, like sheep through a gate.

meeting: At a bend in the road sat a {animal}. "<hail>," said the {animal}. "<hail back>," said {hero}, who was <reaction>. "My name is {friend}. <offer>" "<accept>," said {hero}. And so there were two of them.
meeting: Under a <tree> a {animal} had its foot caught in a <trap>. {hero} knelt down and set it free. "I am {friend}," said the {animal}, "and I never forget a favor. <offer>" "<accept>," said {hero}.
meeting: It was a {animal} who spoke first. "You walk like someone who has lost something." "I have lost my {thing}," said {hero}. "Then you need me," said the {animal}. "I am {friend}. <offer>" {hero} thought about it for as long as it takes to eat a plum. "<accept>," {he} said.
hail: You are late
hail: Good day to you
hail: Have you anything to eat
hail: That is the wrong way
hail: What a hat
hail back: Good day
hail back: I did not know that I was expected
hail back: That depends on who is asking
hail back: I beg your pardon
reaction: not easily surprised
reaction: more than a little surprised
reaction: too tired to wonder
reaction: glad of any company
offer: I know the way to the {goal}, and you do not.
offer: I have sharp ears, and it is dull here.
offer: Share your supper with me, and I will come along.
offer: Where you are going, two are better than one.
accept: Come, then
accept: I should like that
accept: Agreed
accept: As long as you do not sing
accept: Half of the supper, and not a crumb more
tree: crooked oak
tree: willow
tree: hazel bush
tree: wild pear tree
trap: snare
trap: root
trap: rusty bucket
trap: fishing net

obstacle: Soon they came to a river. The bridge was <broken>. "<despair>," said {hero}. But {friend} <solution>, and before <before> they stood on the other side, <state>.
obstacle: In the middle of the way lay a <boulder>. "<despair>," said {friend}. {hero} <own solution>. It took until <until>, and then the way was free.
obstacle: Toward evening the fog came. They could not see their own feet. "<despair>," said {hero}. "Listen," said {friend}, and they listened. Far away <sound>. They walked toward it, step by step, until the fog grew thin.
obstacle: A {guard} stood in the road with a <weapon>. "Nobody passes," said the {guard}, "unless <condition>." {hero} <answer>, and the {guard} <reply>.
broken: gone
broken: nothing but <number> rotten boards
broken: under water
broken: guarded by <number> geese with bad tempers
despair: That is the end of it
despair: We shall have to turn back
despair: I cannot swim
despair: I knew it
despair: Now what
solution: found a boat among the reeds
solution: knew a place where the stones stood close together
solution: gnawed through the rope of a ferry
solution: talked to the beavers
before: the sun went down
before: long
before: the moon was up
before: one could have said the alphabet twice
state: wet but cheerful
state: dry as bread
state: out of breath
state: hungry as wolves
boulder: fallen tree
boulder: boulder as big as a barn
boulder: cart without wheels
boulder: sleeping ox
own solution: dug a tunnel with a spoon
own solution: pushed, and pulled, and pushed again
own solution: told it a long and boring story
own solution: made a lever out of a fence post
own solution: walked around it <number> times and then saw the gap
sound: a bell was ringing
sound: somebody was chopping wood
sound: a dog barked
sound: water fell on stone
weapon: club
weapon: broom
weapon: very long list
weapon: lantern and a whistle
condition: they can tell me what is heavier in the morning than at night
condition: they pay with a song
condition: they make me laugh
condition: they are shorter than my broom
answer: thought of the thing {he} knew best and spoke of it
answer: sang all <number> verses of the harvest song
answer: opened {his} bag and shared what was left of the supper
answer: told the truth, which took some time
reply: wept a little and stepped aside
reply: laughed until the birds flew up
reply: nodded and wrote it down
reply: bowed and opened the gate

talk on the way: "What is so special about a {thing}?" asked {friend} as they walked. "<why>," said {hero}. {friend} said nothing for a while. "<friend thinks>," {friend} said then.
talk on the way: They talked to make the way shorter. "Have you ever been afraid?" asked {friend}. "<fear>," said {hero}. "And you?" "<fear>," said {friend}.
talk on the way: "How far is it still?" asked {hero}. "<far>," said {friend}. "You said that <number> miles ago." "<far answer>," said {friend}.
why: It is mine, and I miss it
why: It reminds me of my <elder>
why: Nothing, until it was gone
why: When I hold it, I know where I am
friend thinks: I once had a <small thing>, and I still think of it
friend thinks: Then we had better walk faster
friend thinks: That is a good reason, or at least a reason
friend thinks: People are strange, but not all of them are wrong
small thing: shiny stone
small thing: brother
small thing: hole of my own
small thing: warm place by a stove
fear: Only of the dark, and of the <neighbor>
fear: Every day, a little, before breakfast
fear: Once, in a boat, and never since
fear: Never, except now
fear: Of thunder, when I was small
far: Over the next hill
far: As far as a song is long
far: Not far, if you do not count the hills
far: Nearer than yesterday
far answer: And it was true then, too
far answer: The hills have moved
far answer: I was never good at numbers
far answer: Look up, not back

night: They slept in <shelter>. In the night {hero} woke and saw <sight>. In the morning {he} was not sure whether it had been a dream.
night: When it was dark they made a fire of <wood> and ate <food>. "Tell me something," said {friend}. So {hero} told of <story>, and {friend} was asleep before the end.
shelter: a barn that smelled of apples
shelter: a hollow tree
shelter: an empty chapel
shelter: the ruins of a mill
sight: <number> lights going slowly up the hill
sight: a white stag drinking from the brook
sight: somebody standing at the edge of the field
sight: a star that fell, and then another
wood: birch bark
wood: old fence posts
wood: driftwood
story: the winter when the river stood still
story: the king who could not count to <number>
story: the ship that sailed on dew
story: the day when all the clocks were wrong

arrival: At last they saw the {goal}. <look> "<arrival word>," said {friend}.
arrival: And there, as {friend} had said, was the {goal}. <look> {hero} held {his} breath.
look: It was smaller than {he} had thought, and quieter.
look: The evening sun lay on it, and nothing moved.
look: Smoke rose behind it, thin and straight.
look: A path of flat stones led to it, and between the stones grew mint.
look: <number up> crows sat there and stopped talking.
arrival word: Here we are
arrival word: You go first
arrival word: I would knock, if there were a door
arrival word: Not a soul

guardian: There sat <keeper>, with the {thing} in <lap>. "<keeper word>," said the voice of one who has been alone for long. "<plea>," said {hero}. "<keeper answer>" And with that the {thing} was back in {his} hands.
guardian: "Who is there?" called <keeper>. "{hero}, the {trade}, from the {place}. <plea>." "<keeper answer>" said the other, and held out the {thing}.
keeper: an old man with a beard down to his belt
keeper: a child no older than <number>
keeper: a woman knitting something without end
keeper: the stranger in the {color} coat
keeper: a magpie with a cold
lap: the lap
lap: both hands
lap: a nest of rags
lap: a box full of straw
keeper word: I have been waiting for somebody to come
keeper word: I only wanted to look at it
keeper word: Finders are keepers, they say
keeper word: It is not much, but it keeps me company
plea: That is mine, and I have come a long way
plea: Please give it back, and I will visit you in {season}
plea: I do not want to quarrel
plea: I will trade you <food> for it
keeper answer: Then take it, and stay for soup.
keeper answer: Nobody has ever asked me so nicely.
keeper answer: You may have it, if you come again.
keeper answer: I was tired of it anyway.

finding: They looked for it <search>. It was {friend} who found it, <spot>. There lay the {thing}, <condition of thing>. "<joy>," said {hero}.
finding: {hero} wanted to give up. "One more place," said {friend}, and put a nose <spot>. And there was the {thing}, <condition of thing>. "<joy>!" cried {hero}.
search: until it was dark
search: high and low
search: from one end to the other
search: without a word
spot: under a heap of leaves
spot: between two stones
spot: inside an old boot
spot: in a nest
spot: behind a loose brick
condition of thing: dusty, but whole
condition of thing: as bright as on the first day
condition of thing: a little bent
condition of thing: wet with dew
joy: I had almost forgotten what it looks like
joy: There you are
joy: Now I can go home
joy: I owe you a supper

home: The way home was shorter, as it always is. In the {place} <welcome>. {hero} put the {thing} back in its place, and {friend} <friend end>. <moral>
home: They came back to the {place} on the <number th> day. "<neighbor question>" asked the <neighbor>. "<hero answer>," said {hero}. <moral>
home: {hero} and {friend} walked home together, and neither was in a hurry. <moral>
home: "And now?" asked {friend}. "Now we go home," said {hero}, "both of us." And that is what they did. <moral>
welcome: the lamps were lit
welcome: nobody had noticed that they were gone
welcome: the bells rang, though for another reason
welcome: there was fresh bread
friend end: moved in under the stairs
friend end: stayed until {season} was over
friend end: slept for <number> days
friend end: got the best chair
number th: third
number th: fifth
number th: seventh
number th: ninth
neighbor question: Did you find it?
neighbor question: Where have you been?
neighbor question: And who is this?
hero answer: I found more than I lost
hero answer: At the {goal}, and it is not so bad there
hero answer: This is {friend}, and we are hungry
last word: If they have not moved away, they live there still.
last word: And whoever does not believe it can go and ask the {adviser}.
last word: From that day on the door was never locked again.
last word: And that is all that is known about it.
last word: It was a good day, as days go.
moral: Since then {hero} has lost many things, but never {his} temper.
moral: If they have not moved away, they live there still.
moral: And whoever does not believe it can go and ask the {adviser}.
moral: It is good to have a {thing}. It is better to have somebody to look for it with.
moral: From that day on the door was never locked again.
moral: And the {thing}? It hangs on the wall to this day, next to the <color> door.
"""


def entries(table: str) -> list[str]:
    """The entries of a table, which stand between bars and line ends."""
    return table.strip().replace("\n", "|").split("|")


def read_grammar(text: str) -> dict[str, list[str]]:
    """The lines of each symbol."""
    grammar: dict[str, list[str]] = {}
    for line in text.strip().splitlines():
        if line:
            symbol, _, told = line.partition(": ")
            grammar.setdefault(symbol, []).append(told)
    return grammar


def tale_facts(random: Random) -> dict[str, str]:
    """What stays the same throughout one tale."""
    hero, he, trade = random.choice(entries(HEROES)).split()
    animal, friend = random.choice(entries(ANIMALS)).split()
    season, scene = random.choice(entries(SEASONS)).split(" ", 1)
    woman = he == "she"
    return {
        "hero": hero,
        "he": he,
        "He": he.capitalize(),
        "his": "her" if woman else "his",
        "him": "her" if woman else "him",
        "adviser": random.choice(entries(ADVISERS)),
        "guard": random.choice(entries(GUARDS)),
        "color": random.choice(entries(COLORS)),
        "trade": trade,
        "animal": animal,
        "friend": friend,
        "place": random.choice(entries(PLACES)),
        "goal": random.choice(entries(GOALS)),
        "thing": random.choice(entries(THINGS)),
        "season": season,
        "scene": scene,
    }


def tell(grammar: dict[str, list[str]], random: Random) -> str:
    """One tale: a title, paragraphs, an empty line.

    Within a tale no line of the grammar is told twice while its symbol has another one left.
    """
    facts = tale_facts(random)
    left: dict[str, list[str]] = {}

    def expand(found: re.Match[str]) -> str:
        symbol = found[1]
        if not left.get(symbol):
            left[symbol] = random.sample(grammar[symbol], len(grammar[symbol]))
        return re.sub("<([^<>]+)>", expand, left[symbol].pop())

    text = re.sub("<([^<>]+)>", expand, "<tale>").format(**facts)
    text = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)
    # What is said ends with a comma where the sentence goes on.
    text = re.sub(r'\."(?= (?:said|asked|cried) )', ',"', text)
    title = f"{facts['hero']} and the {facts['thing']}"
    return title + "\n\n" + text.replace("/", "\n") + "\n"


def make_stories(seed: int = SEED, size: int = SIZE) -> str:
    """Tales one after another, until the text has the size."""
    random = Random(seed)
    grammar = read_grammar(GRAMMAR)
    tales: list[str] = []
    length = 0
    while length < size:
        tales.append(tell(grammar, random))
        length += len(tales[-1]) + 1
    return "\n".join(tales)


def main(folder: Path) -> None:
    """Write the text."""
    (folder / "stories.txt").write_bytes(make_stories().encode("ascii"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
