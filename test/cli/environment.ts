const AWS = /^AWS_/;

/** Runs with these AWS variables and no others; a child process gets them as they are when it starts. */
export async function withEnvironment<T>(
  variables: Readonly<Record<string, string | undefined>>,
  run: () => Promise<T>,
): Promise<T> {
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (AWS.test(name)) delete process.env[name];
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) process.env[name] = value;
  try {
    return await run();
  } finally {
    for (const name of Object.keys(process.env)) if (AWS.test(name)) delete process.env[name];
    Object.assign(process.env, before);
  }
}
