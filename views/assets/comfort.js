// Comfort only: every page works without this file.
const { show, hide } = document.currentScript.dataset;

// What `autofocus` does in most browsers: errors are read first.
document.querySelector('.error-summary')?.focus();

// A button beside each password that shows what was typed.
for (const input of document.querySelectorAll('input[data-reveal]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'reveal';
  button.setAttribute('aria-controls', input.id);
  const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.textContent ?? '';
  const setShown = (isShown) => {
    input.type = isShown ? 'text' : 'password';
    button.textContent = isShown ? hide : show;
    button.setAttribute('aria-label', `${button.textContent} – ${label}`);
  };
  button.addEventListener('click', () => setShown(input.type === 'password'));
  // So that a browser never remembers a secret as an ordinary text.
  input.form?.addEventListener('submit', () => setShown(false));
  setShown(false);
  input.after(button);
}

// A second press within a few seconds is a slip of the finger. The server takes it too; the answer just comes sooner.
for (const form of document.forms) {
  let sentAt = 0;
  form.addEventListener('submit', (event) => {
    if (event.timeStamp - sentAt < 3000 && sentAt > 0) event.preventDefault();
    else sentAt = event.timeStamp;
  });
}
