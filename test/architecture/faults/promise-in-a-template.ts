async function displayName(id: string): Promise<string> {
  return await Promise.resolve(id);
}

export async function greeting(id: string): Promise<string> {
  await Promise.resolve();
  return `Hello, ${displayName(id)}`;
}
