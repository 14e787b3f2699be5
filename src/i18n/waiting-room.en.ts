import type { Texts } from './texts.ts';
import type { waitingRoomVi } from './waiting-room.vi.ts';

export const waitingRoomEn: Texts<typeof waitingRoomVi> = {
  'waiting_room.title': 'Please wait for your turn',
  'waiting_room.lead':
    'Very many people are coming in at the same time. You have a place in line: first come, first served.',
  'waiting_room.cannot_tell': 'We cannot tell yet how long you will have to wait.',
  'waiting_room.soon': 'Less than a minute until it is your turn.',
  'waiting_room.minutes': 'About {minutes, plural, one {# minute} other {# minutes}} until it is your turn.',
  'waiting_room.turn': 'It is your turn. Press the button below to go in.',
  'waiting_room.as_of': 'As of {time}, Viet Nam time. This is an estimate; it may be sooner or later.',
  'waiting_room.check': 'Check my place',
  'waiting_room.enter': 'Go in',
  'waiting_room.kept':
    'Your place is kept in this browser (cookies must be allowed). You may close the page and open it again; once it is your turn, it is kept for 10 more minutes.',
  'waiting_room.no_faster': 'Loading the page again or opening more windows does not get you in faster.',
  'waiting_room.ongoing': 'Activations and sign-ins that have begun go on as usual; nobody has to wait twice.',
  'waiting_room.for_programs': 'Too many visitors. This page is for people with a browser; try again later.',
};
