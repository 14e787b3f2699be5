/** How many new visitors a second this process lets in while the waiting room is open: what it has shown that it can serve. */
export type AdmissionRate = {
  perSecond(): number;
  /** A new visitor was let in; a form with a secret was answered, which is where a visit costs. */
  entered(): void;
  served(): void;
  /** Learns from a tick of `seconds` under this load. `isOpen`: only then is the rate what limits the visitors. `most`: for
   *  so many a second there is what they need elsewhere. */
  tick(load: number, seconds: number, isOpen: boolean, most?: number): void;
};

const LEAST_PER_SECOND = 0.2;
const SMOOTH_SECONDS = 4;
const VISIT_SECONDS = 60;
/** A sign-in has one form with a secret, an activation three; who only looks at a page has none. */
const FORMS_PER_VISIT = { least: 0.5, most: 4 };
/** What was served once can be served again: forgotten slowly, so that the next surge does not begin with a guess. */
const BEST_SECONDS = 1_800;
/** A visitor who is let in weighs in later, when she has read and typed: the rate rises slowly and falls fast. */
const RISE_PER_SECOND = { share: 0.04, people: 0.3 };
const FALL_PER_SECOND = 0.35;
const TARGET = 0.7;
/** Of what was just served: a little less, so that what is queued goes down. */
const BELOW_GOODPUT = 0.9;

export function createAdmissionRate(): AdmissionRate {
  let rate = 1;
  let entries = 0;
  let secrets = 0;
  let goodput = 0;
  let best = 0;
  const visit = { entries: 0, secrets: 0 };

  const learn = (seconds: number): void => {
    const weight = Math.min(1, seconds / SMOOTH_SECONDS);
    const forgotten = Math.max(0, 1 - seconds / VISIT_SECONDS);
    visit.entries = visit.entries * forgotten + entries;
    visit.secrets = visit.secrets * forgotten + secrets;
    const perVisit = visit.entries > 0 ? visit.secrets / visit.entries : 1;
    const formsPerVisit = Math.min(FORMS_PER_VISIT.most, Math.max(FORMS_PER_VISIT.least, perVisit));
    goodput += weight * (secrets / seconds / formsPerVisit - goodput);
    best = Math.max(goodput, best * (1 - seconds / BEST_SECONDS));
    entries = 0;
    secrets = 0;
  };
  return {
    perSecond: () => rate,
    entered() {
      entries += 1;
    },
    served() {
      secrets += 1;
    },
    tick(load, seconds, isOpen, most = Number.POSITIVE_INFINITY) {
      learn(seconds);
      if (!isOpen) rate = best;
      else if (load > 1) rate = Math.max(BELOW_GOODPUT * goodput, rate * (1 - FALL_PER_SECOND * seconds));
      else if (load < TARGET) {
        const { share, people } = RISE_PER_SECOND;
        rate = Math.max(goodput, rate + (share * rate + people) * seconds);
      }
      rate = Math.max(LEAST_PER_SECOND, isOpen ? Math.min(rate, most) : rate);
    },
  };
}
