// A small place full of life: seven friends, two groups, a week's worth of talk. Made at the command line, as friends do.
import { Cli } from './cli.mjs';

const friends = [
  ['haru', '春', 20],
  ['ben', 'Ben Achterberg', 210],
  ['chie', '智恵', 330],
  ['dario', 'Dario', 95],
  ['emi', 'Emi Sato', 265],
  ['fenna', 'Fenna', 150],
];

const walk = [
  ['ben', 'Sunday looks dry. Shall we take the ridge or the river?'],
  ['chie', '川がいいな。紅葉がちょうど見頃だって。'],
  ['aki', 'River then. The 9:12 from platform 3, so that we have the light in the gorge.'],
  ['emi', 'I can bring the big thermos ☕'],
  ['dario', 'Who has the map? Mine went swimming last time'],
  ['ben', '@aki has it, I think. Also: https://example.org/river-walk says that the lower bridge is *closed* until Saturday.'],
  ['aki', 'I do. We cross at the upper bridge then: 20 minutes more, and the better view.'],
  ['fenna', '👍'],
  ['chie', 'お弁当は各自で?'],
  ['aki', 'Each their own, and I bring something sweet 🍠'],
  ['haru', '犬も連れて行っていい?'],
  ['emi', 'Of course! 🐕'],
];

/** Aki's friends and what was said, on an empty daemon. Gives the command lines by handle; aki's is the owner's. */
export async function community(scope, daemon) {
  const aki = await Cli.joined(scope, await daemon.invite(), 'aki', { name: 'Aki Moriyama', device: 'cli' });
  const people = { aki };
  const { url } = await aki.one('invite', '--uses', '6', '--note', 'The walking friends');
  for (const [handle, name, hue] of friends) {
    people[handle] = await Cli.joined(scope, url, handle, { name, device: 'laptop' });
    await people[handle].one('profile', '--hue', String(hue));
  }
  await aki.one('profile', '--hue', '10');
  await groups(people);
  await talks(people);
  await loose(people, daemon, scope);
  return people;
}

async function groups({ aki, ...people }) {
  await aki.one('group', 'new', '日曜の散歩 Sunday walk', ...friends.map(([handle]) => handle));
  await aki.one('group', 'new', 'Book circle', 'chie', 'emi', 'fenna');
  const title = '#日曜の散歩 Sunday walk';
  for (const [handle, text] of walk) await { aki, ...people }[handle].one('send', title, text);
  const said = await aki.all('read', title);
  const seq = (part) => String(said.find((one) => one.text?.includes(part)).seq);
  await aki.one('mark', title);
  for (const [handle, part, emoji] of [
    ['ben', 'River then', '👍'], ['chie', 'River then', '👍'], ['emi', 'River then', '🍁'],
    ['aki', 'big thermos', '☕'], ['dario', 'big thermos', '☕'], ['haru', 'something sweet', '😋'],
  ])
    await { aki, ...people }[handle].one('react', title, seq(part), emoji);
  await aki.one('pin', title, seq('River then'));
  await aki.one('star', title, seq('river-walk'));
  await aki.one('edit', title, seq('We cross at'), 'I do. We cross at the upper bridge then: 25 minutes more, and the better view.');
  await people.dario.one('send', title, 'Then I bring my good mood', '--reply', seq('Each their own'));
  const gone = await people.fenna.one('send', title, 'Wrong window, sorry');
  await people.fenna.one('delete', title, String(gone.seq));
  await people.ben.one('send', title, 'Perfect. See you at the station, @aki, ten minutes early as ever?');
  await people.chie.one('send', title, '楽しみ!');
  await people.emi.one('send', '#Book circle', 'I finished chapter four and I have questions');
  await people.fenna.one('send', '#Book circle', 'No spoilers please, I am at page 90');
  await aki.one('mute', '#Book circle');
}

async function talks({ aki, ben, chie, emi, haru, dario }) {
  await ben.one('send', '@aki', 'Did the parcel arrive?');
  await aki.one('send', '@ben', 'Yes, this morning. Thank you, it is far too much');
  await ben.one('send', '@aki', 'Nonsense. Use it well');
  const { seq } = await ben.one('send', '@aki', '```\nbake 220 °C, 20 min\nthen 180 °C, 25 min\n```');
  await aki.one('react', '@ben', String(seq), '🙏');
  await ben.one('send', '@aki', 'And tell me how the first loaf came out');
  await aki.one('mark', '@ben');
  await aki.one('draft', '@ben', 'The crust is perfect, but the inside');
  for (const text of ['ただいま', '駅前の新しい喫茶店、もう行った?', '来週いっしょにどう?']) await chie.one('send', '@aki', text);
  await emi.one('send', '@aki', 'Could you lend me the blue tent for the weekend after next?');
  await aki.one('send', '@emi', 'Of course. It is in the cellar, come by any evening.');
  await aki.one('mark', '@emi');
  await haru.one('send', '@aki', '🐕🐾');
  await aki.one('mark', '@haru');
  await dario.one('send', '@aki', 'Look at the moon, now');
  await aki.one('mark', '@dario');
  await aki.one('send', 'self', 'Milk, rye flour, stamps\n~~the blue tent~~ is with Emi from the 5th');
  await aki.one('pin', 'self');
}

// One who asks, an invitation that waits.
async function loose({ aki, ben }, daemon, scope) {
  const gil = await Cli.joined(scope, (await ben.one('invite')).url, 'gil', { name: 'Gil Ferreira' });
  await gil.one('tie', 'ask', 'aki');
  await aki.one('invite', '--note', 'For Mika, from the choir', '--expires', '12h');
}
