/** The most that `clockToleranceSeconds` may be; a token's revocation outlives the token by as much. */
export const LONGEST_CLOCK_TOLERANCE_SECONDS = 3_600;
