export async function sendAll(messages: readonly string[], send: (text: string) => Promise<void>): Promise<void> {
  messages.forEach(async (text) => {
    await send(text);
  });
  await Promise.resolve();
}
