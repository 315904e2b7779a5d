/** How long one decision may take unless the stack is told otherwise: AWS ends the function then, the local gateway gives it up. */
export const FUNCTION_TIMEOUT_SECONDS = 10;
