import { answerQuestions } from '../../src/activation/answer-questions.ts';
import { findAttempt } from '../../src/activation/attempt-store.ts';
import { assembleRegister } from '../../src/assemble-register.ts';
import { loadConfig } from '../../src/config.ts';

/**
 * A process that completes one activation after another, saying each, until it is killed (test/flows/activation-crash.test.ts).
 * Arguments: the folder of the store, the instant, then the attempts' ids.
 */
const [folder = '', instant = '', ...ids] = process.argv.slice(2);
const loaded = loadConfig({ folder });
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const register = await assembleRegister(loaded.config, { clock: () => new Date(instant) });
for (const id of ids) {
  const attempt = await findAttempt(register.db, id);
  if (attempt === undefined) throw new Error('no such attempt');
  await answerQuestions(register, attempt, {
    question1: 'first_school',
    answer1: 'Chu Van An',
    question2: 'first_pet',
    answer2: 'Vang',
  });
  process.stdout.write(`${id}\n`);
}
