import type { LoadMeter } from './load-meter.ts';
import type { WaitingRoom } from './waiting-room.ts';

type Gauge = { help: string; read: () => number; isShared?: true };

/** What operators watch on the day on which everybody comes. */
export function surgeGauges(meter: LoadMeter, room: WaitingRoom): Record<string, Gauge> {
  return {
    pages_in_flight: { help: "People's pages being answered", read: () => meter.now().pages },
    programs_in_flight: { help: 'Requests of programs being answered', read: () => meter.now().programs },
    page_load: {
      help: 'How loaded with pages, or how late codes leave: 1 opens the waiting room',
      read: () => room.figures().load,
      isShared: true,
    },
    waiting_room_open: { help: 'Processes whose waiting room is open', read: () => room.figures().isOpen },
    waiting_room_people: { help: 'People in line', read: () => room.figures().waiting, isShared: true },
    waiting_room_issued: { help: 'Places in line given since the start', read: () => room.figures().issued },
    waiting_room_admitted: { help: 'New visitors let in while it was open', read: () => room.figures().admitted },
    waiting_room_rate: { help: 'New visitors let in a second', read: () => room.figures().perSecond },
  };
}
