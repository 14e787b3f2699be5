// Comfort only: the button asks as well. Looks now and then whether it is this visitor's turn, and says so; it never leads away by itself.
const { place, enter } = document.currentScript.dataset;
const status = document.querySelector('#waiting-place strong');
const time = document.querySelector('.notice .hint');
const button = document.querySelector('main form button');

const look = async () => {
  let seconds = 60;
  try {
    const answer = await fetch(place, { headers: { Accept: 'application/json' } });
    if (answer.ok) {
      const { isTurn, text, asOf, checkAfterSeconds } = await answer.json();
      // Said only when it has changed, so that a screen reader is not interrupted for nothing.
      if (status.textContent !== text) status.textContent = text;
      time.textContent = asOf;
      if (isTurn) {
        button.textContent = enter;
        document.title = `● ${text}`;
        return;
      }
      seconds = checkAfterSeconds;
    }
  } catch {
    // Offline for a moment: asked again later.
  }
  // Not all at the same moment.
  setTimeout(() => void look(), seconds * 1000 * (0.9 + crypto.getRandomValues(new Uint8Array(1))[0] / 1280));
};
setTimeout(() => void look(), 10_000);
