const NO_NODE_VERSION_WARNING = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/**
 * The SDK warns on stderr, once a process, that Node 20 goes out of its support: nothing that a user of ours
 * can act on. Its own switch is set for the constructor alone, so that no child process inherits it and no
 * other warning is hidden; a value that the user has set stays.
 */
export function withoutNodeVersionWarning<T>(construct: () => T): T {
  if (process.env[NO_NODE_VERSION_WARNING] !== undefined) return construct();
  process.env[NO_NODE_VERSION_WARNING] = 'true';
  try {
    return construct();
  } finally {
    delete process.env[NO_NODE_VERSION_WARNING];
  }
}
